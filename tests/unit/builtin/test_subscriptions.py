"""The status of a subscription tells a stage of saas-freemium where the touchpoint does not."""

from __future__ import annotations

import attrs
import pytest
from tests.logs import log_of, paths

import journeykit as jk
from journeykit.builtin import journeykit_stage_rules

PLAN = jk.lifecycle("saas-freemium")

STATUSES = (
    "incomplete",
    "incomplete_expired",
    "trialing",
    "active",
    "past_due",
    "unpaid",
    "canceled",
    "paused",
)
"""All that Stripe has (formats F10)."""


def stages_of(*events: tuple[str | None, str | None]) -> list[str]:
    """Tell the stages of one customer's events, given as touchpoint and status."""
    days = {
        day: {"touchpoint": touchpoint, "subscription_status": status, "stage": None}
        for day, (touchpoint, status) in enumerate(events)
    }
    journey = jk.observe(log_of({"ana": days}), PLAN)
    return [step.partition("/")[0] for step in paths(journey)["ana"]]


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("incomplete", "purchase"),
        ("incomplete_expired", "?"),
        ("trialing", "trial"),
        ("active", "usage"),
        ("past_due", "at_risk"),
        ("unpaid", "at_risk"),
        ("canceled", "churned"),
        ("paused", "at_risk"),
        (None, "?"),
        ("Trialing", "?"),
    ],
)
def test_each_status_tells_its_stage(status, stage):
    """An event that only a billing system knows has no other."""
    assert stages_of(("signup", None), ("unheard of", status)) == ["free_use", stage]


def test_all_of_stripes_statuses_are_thought_of():
    """What is forgotten would count as no stage, in silence."""
    told = stages_of(("signup", None), *(("unheard of", status) for status in STATUSES))[1:]

    assert [status for status, stage in zip(STATUSES, told, strict=True) if stage == "?"] == [
        "incomplete_expired"
    ]


def test_a_touchpoint_of_one_stage_stands():
    """Whoever cancels has left, though the subscription runs until the end of the month."""
    assert stages_of(("signup", "active"), ("cancellation", "active"), ("upgrade", "past_due")) == [
        "free_use",
        "churned",
        "upgraded",
    ]


def test_a_touchpoint_of_several_stages_takes_the_status():
    """Using the product on trial, in debt and after the end are three things."""
    uses = [
        stages_of(("signup", None), ("product_use", status))[1]
        for status in ("trialing", "unpaid", "canceled")
    ]

    assert uses == ["trial", "at_risk", "churned"]


def test_an_active_subscription_says_less_than_what_the_customer_did():
    """Who pays may be anywhere from purchase to upgraded: product use follows the customer."""
    assert stages_of(("setup", "active"), ("product_use", "active"), ("upgrade", "active")) == [
        "implementation",
        "implementation",
        "upgraded",
    ]


def test_stripes_own_events_are_told_apart_by_the_status_that_comes_with_them():
    """One type says that a subscription began; whether as a trial or for money, only the status says."""
    days = {
        1: {"touchpoint": "customer.created", "subscription_status": None},
        2: {"touchpoint": "customer.subscription.created", "subscription_status": "trialing"},
        3: {"touchpoint": "customer.subscription.updated", "subscription_status": "active"},
        4: {"touchpoint": "invoice.payment_failed", "subscription_status": "past_due"},
        5: {"touchpoint": "customer.subscription.updated", "subscription_status": "canceled"},
        6: {"touchpoint": "customer.subscription.deleted", "subscription_status": "canceled"},
    }

    journey = jk.observe(log_of({"ana": days}), jk.map_system(PLAN, "stripe"))

    assert [step.partition("/")[0] for step in paths(journey)["ana"]] == [
        *("free_use", "trial", "purchase", "at_risk", "churned", "churned"),
    ]


def test_a_subscription_starts_as_what_its_status_says():
    """The one touchpoint of a single stage that may mean another: a trial is a subscription, too."""
    starts = [
        stages_of(("subscription_start", status))[0] for status in ("trialing", "incomplete", "active", None)
    ]

    assert starts == ["trial", "purchase", "purchase", "purchase"]


def test_a_log_without_the_attribute_is_observed_without_rules():
    """Most logs of software hold events, and no billing."""
    journey = jk.observe(log_of({"ana": {1: "signup"}}), PLAN)

    assert journey.rules == ()


def test_a_log_without_touchpoints_is_observed_without_rules():
    """Each of its events has a stage in the stage column, or would be none."""
    days = {1: {"stage": "free_use", "subscription_status": "active"}}

    assert jk.observe(log_of({"ana": days}), PLAN).rules == ()


def test_a_variant_has_the_rules_whose_stages_it_has():
    """A variant that leaves out trials has no use for one."""
    stages = tuple(stage for stage in PLAN.stages if stage.id in {"free_use", "usage", "churned"})
    variant = jk.Lifecycle("ours", stages, variant_of="saas-freemium")

    told = [rule.id for rule in journeykit_stage_rules(variant)]

    assert told == ["subscription_churned", "subscription_active", "subscription_paid"]
    assert journeykit_stage_rules(attrs.evolve(variant, variant_of=())) == ()


def test_a_variant_of_a_variant_has_them_too():
    """A country's plan extends the company's, which extends what ships."""
    ours = jk.Lifecycle.from_yaml("{id: ours, extends: saas-freemium}")
    nordic = jk.Lifecycle.from_yaml("{id: nordic, extends: ours}", bases=[ours])
    manager = jk.make_manager(entry_points=False)

    assert list(manager.stage_rules(nordic)) == list(manager.stage_rules(PLAN))
    assert manager.names(nordic).keys() == manager.names(PLAN).keys()
