"""Stripe's names for saas-freemium: which types and statuses are known, and what a log of types shows."""

from __future__ import annotations

import pytest
from tests.logs import log_of, stays

import journeykit as jk

CREATED = "customer.subscription.created"


@pytest.fixture(scope="module")
def stripe() -> jk.Lifecycle:
    """The lifecycle under Stripe's names."""
    return jk.map_system(jk.lifecycle("saas-freemium"), "stripe")


def where(stripe, days):
    """The stages of one customer in order, by names alone."""
    with jk.observe(log_of({"ana": days}), stripe, rules=()) as journey:
        (found,) = stays(journey).values()
    return [stay.split()[0] for stay in found]


def test_the_types_that_tell_something_are_known(stripe):
    """An event type that is misspelt here would be unmapped in everybody's log."""
    assert {name: touchpoint for name, (touchpoint, _) in stripe.touchpoint_names.items() if "." in name} == {
        "checkout.session.completed": "checkout",
        "checkout.session.expired": "checkout_expired",
        "customer.created": "signup",
        CREATED: "subscription_start",
        "customer.subscription.deleted": "cancellation",
        "customer.subscription.paused": "subscription_paused",
        "customer.subscription.resumed": "subscription_resumed",
        "customer.subscription.trial_will_end": "trial_reminder",
        "customer.subscription.updated": "subscription_updated",
        "invoice.paid": "renewal",
        "invoice.payment_failed": "payment_failed",
    }


def test_the_statuses_are_stages(stripe):
    """A table of statuses by day is a log, too."""
    own = {*stripe.stage_ids}

    assert {name: stage for name, stage in stripe.stage_names.items() if name not in own} == {
        "incomplete": "purchase",
        "trialing": "trial",
        "active": "usage",
        "past_due": "at_risk",
        "unpaid": "at_risk",
        "paused": "at_risk",
        "canceled": "churned",
    }


def test_a_refund_moves_nobody(stripe):
    """It comes with mistakes put right and with customers who leave; unmapped, it is a sign of life."""
    assert "charge.refunded" not in stripe.touchpoint_names


def test_a_subscription_that_is_paid_for_and_then_not(stripe):
    """Types alone show use, trouble, its end, the churn, and that a last invoice is no return."""
    days = {
        1: "customer.created",
        3: "checkout.session.expired",
        9: ["checkout.session.completed", CREATED, "invoice.paid"],
        39: ["invoice.paid", "customer.subscription.updated"],
        69: "invoice.payment_failed",
        72: "invoice.paid",
        99: "invoice.payment_failed",
        120: "customer.subscription.deleted",
        121: "invoice.paid",
        150: CREATED,
        180: "invoice.paid",
    }

    assert where(stripe, days) == [
        *("free_use", "usage", "at_risk", "usage", "at_risk", "churned", "usage"),
    ]


@pytest.mark.parametrize("at", [8.9, 9.1])
def test_a_checkout_moves_nobody_whether_it_is_told_before_the_subscription_or_after(stripe, at):
    """Stripe promises no order; a purchase told after `usage` would be a step back that nobody took."""
    days = dict(sorted({1: "customer.created", 9: CREATED, at: "checkout.session.completed"}.items()))

    assert where(stripe, days | {39: "invoice.paid"}) == ["free_use", "usage"]


def test_a_downgrade_of_whoever_pays_is_a_step_back(stripe):
    """A billing system knows of no onboarding, and still of who downgraded."""
    with jk.observe(log_of({"ana": {1: CREATED, 40: "downgrade"}}), stripe, rules=()) as journey:
        moved = [row for row in jk.transitions(journey) if row.moves]

    assert [(row.source, row.kind, row.target) for row in moved] == [("usage", "regress", "downgraded")]


def test_a_pause_is_a_risk_that_a_resumption_ends(stripe):
    """Whoever resumes is back on the plan they were on."""
    days = {1: CREATED, 30: "upgrade", 40: "customer.subscription.paused"}

    assert where(stripe, days | {60: "customer.subscription.resumed"}) == [
        *("usage", "upgraded", "at_risk", "upgraded"),
    ]


def event(touchpoint, status=None, before=None):
    """One event with the status and the one it took the place of."""
    return {"touchpoint": touchpoint, "subscription_status": status, "subscription_status_before": before}


def test_with_the_status_a_trial_is_told_from_a_purchase_and_debts_from_payments(stripe):
    """Names leave open what the status tells, so that the rules of saas-freemium can tell it."""
    changed = "customer.subscription.updated"
    log = log_of(
        {
            "ana": {
                1: event("customer.created"),
                2: event(CREATED, "trialing"),
                2.1: event("checkout.session.completed"),
                14: event(changed, "active", "trialing"),
                44: event("invoice.payment_failed"),
                44.1: event(changed, "past_due"),
                46: event("invoice.paid"),
                46.1: event(changed, "active"),
                80: event("upgrade", "active"),
                110: event(changed, "active"),
                120: event("customer.subscription.deleted", "canceled"),
            }
        }
    )
    with jk.observe(log, stripe, manager=jk.make_manager(entry_points=False)) as journey:
        found = [stay.split()[0] for stay in stays(journey)["ana"]]

    assert found == ["free_use", "trial", "usage", "at_risk", "usage", "upgraded", "churned"]


@pytest.mark.parametrize(
    ("created", "days", "told"),
    [
        ("active", {}, ["usage"]),
        ("trialing", {}, ["trial"]),
        ("incomplete", {}, ["purchase"]),
        ("incomplete", {2: ("incomplete_expired", "incomplete")}, ["purchase"]),
        ("incomplete", {2: ("active", "incomplete")}, ["purchase", "usage"]),
        ("trialing", {2: ("active", "trialing")}, ["trial", "usage"]),
        ("trialing", {2: ("active", None)}, ["trial", "purchase"]),
        (
            "trialing",
            {2: ("past_due", "trialing"), 3: ("active", "past_due")},
            ["trial", "at_risk", "purchase"],
        ),
    ],
)
def test_whoever_pays_uses_and_whoever_does_not_yet_is_told_apart(stripe, created, days, told):
    """What a subscription starts as is its status; what comes after a trial needs the status before."""
    changes = {day: event("customer.subscription.updated", *each) for day, each in days.items()}
    log = log_of({"ana": {1: event(CREATED, created), **changes}})
    with jk.observe(log, stripe, manager=jk.make_manager(entry_points=False)) as journey:
        assert [stay.split()[0] for stay in stays(journey)["ana"]] == told
