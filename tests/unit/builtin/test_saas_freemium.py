"""The shipped SaaS lifecycle: what the mission page says of it, and what its stages make of logs."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.logs import log_of, observe_days, outcomes, picked, stays

import journeykit as jk
from journeykit.analysis.overlap import overlap

ONBOARDED = {
    1: "signup",
    5: "subscription_start",
    6: "product_delivery",
    8: "setup",
    20: "onboarding_completed",
}


@pytest.fixture(scope="module")
def saas() -> jk.Lifecycle:
    """The lifecycle as users get it."""
    return jk.lifecycle("saas-freemium")


def where(lifecycle, days):
    """The stages of one customer in order."""
    (found,) = stays(observe_days({"ana": days}, lifecycle=lifecycle)).values()
    return [stay.split()[0] for stay in found]


# --- What the plan says ---


def test_free_use_comes_before_any_purchase_and_usage_after_delivery_and_implementation(saas):
    """S2-09, in this order; S2-22: at risk and churn from any of them."""
    assert [(stage.id, stage.kind, saas.rank(stage.id)) for stage in saas.stages] == [
        ("free_use", "progress", 10),
        ("trial", "progress", 20),
        ("purchase", "progress", 30),
        ("delivery", "progress", 40),
        ("implementation", "progress", 50),
        ("downgraded", "progress", 30),
        ("usage", "goal", 60),
        ("upgraded", "goal", 70),
        ("at_risk", "risk", None),
        ("churned", "exit", None),
    ]


def test_most_touchpoints_come_after_the_sale(saas):
    """S2-09: many touchpoints after the sale, the opposite of a shop's."""
    own = [each.id for each in saas.touchpoints if len(each.stages) == 1]
    before = [each for each in own if saas.touchpoint(each).stages[0] in {"free_use", "trial"}]

    assert before == ["signup", "trial_start", "trial_reminder"]
    assert len(own) - len(before) > 2 * len(before)


@pytest.mark.parametrize(
    ("source", "target", "kind", "declared"),
    [
        ("free_use", "trial", "advance", True),
        ("free_use", "purchase", "advance", True),
        ("trial", "free_use", "regress", False),
        ("purchase", "usage", "skip", False),
        ("implementation", "usage", "advance", True),
        ("usage", "upgraded", "advance", True),
        ("upgraded", "upgraded", "repeat", True),
        ("purchase", "downgraded", "lateral", False),
        ("delivery", "downgraded", "regress", False),
        ("implementation", "downgraded", "regress", False),
        ("usage", "downgraded", "regress", True),
        ("upgraded", "downgraded", "regress", True),
        ("downgraded", "downgraded", "repeat", True),
        ("downgraded", "upgraded", "advance", True),
        ("downgraded", "usage", "advance", True),
        ("usage", "free_use", "regress", False),
        ("trial", "at_risk", "at_risk", True),
        ("at_risk", "upgraded", "recover", True),
        ("upgraded", "churned", "exit", True),
        ("churned", "free_use", "re_entry", True),
        ("churned", "trial", "re_entry", True),
        ("churned", "purchase", "re_entry", True),
        ("churned", "usage", "re_entry", True),
        ("churned", "delivery", "re_entry", False),
    ],
)
def test_moves_have_the_kinds_that_the_documents_mean(saas, source, target, kind, declared):
    """A downgrade regresses whatever the plan was (S2-36), and who returns after churn re-enters."""
    assert (saas.transition_kind(source, target), saas.declares(source, target)) == (kind, declared)


def test_a_history_that_begins_with_a_renewal_begins_with_a_purchase(saas):
    """Many logs begin in the middle; were `downgraded` its lowest stage, they would begin downgraded."""
    assert where(saas, {1: "renewal", 31: "renewal"}) == ["purchase"]


def test_a_variant_without_the_onboarding_leads_from_the_purchase_to_usage():
    """`downgraded` must be nobody's next step, wherever stages are left out."""
    variant = jk.Lifecycle.from_yaml(
        "{id: ours, extends: saas-freemium, without: {stages: [delivery, implementation]}}"
    )

    assert variant.onward("purchase") == ("usage",)
    assert variant.transition_kind("purchase", "usage") == "advance"


def test_a_stage_of_a_variant_finds_room_between_the_ranks():
    """A stage without a rank among stages with one is refused, so there must be numbers left."""
    variant = jk.Lifecycle.from_yaml(
        "{id: ours, extends: saas-freemium, stages: [{id: trial}, {id: pilot, rank: 25}]}"
    )

    assert variant.stage_ids[:4] == ("free_use", "trial", "pilot", "purchase")
    assert variant.transition_kind("pilot", "purchase") == "advance"


def test_the_sale_is_handed_over_with_three_checks(saas):
    """S2-11: scoped, realistic, understood, where the sale meets the onboarding."""
    assert {(t.source, t.target): [check.en for check in t.checks] for t in saas.transitions if t.checks} == {
        ("purchase", "delivery"): [
            "The solution is correctly scoped",
            "Expectations are realistic",
            "The customer understands what they get and how it helps",
        ]
    }


def test_the_checks_are_those_of_the_b2b_journey(saas, b2b):
    """One handover, said once in two plans: the words must not drift apart."""
    ours, theirs = ([each.checks for each in plan.transitions if each.checks] for plan in (saas, b2b))

    assert ours == theirs


def test_a_free_user_is_a_customer_here_and_considering_there(saas):
    """S2-10: the company's view, with a bridge to the buyer's; S2-06: tracked from the onboarding on."""
    assert saas.perspective == "company"
    assert [(bridge.stage, bridge.lifecycle, bridge.target) for bridge in saas.bridges] == [
        ("free_use", "buying-steps", "overcome_doubt"),
        ("usage", "client-relationship", None),
    ]


def test_whoever_buys_and_whoever_uses_are_told_apart(saas):
    """S2-10, S2-32: the customer need not be the end user."""
    paths = {each.id: [f"{step.stage}/{step.touchpoint}" for step in each.path] for each in saas.personas}

    assert paths == {
        "free_user": ["free_use/signup", "free_use/product_use", "purchase/subscription_start"],
        "end_user": ["implementation/setup", "usage/product_use"],
    }


def test_low_usage_and_lack_of_adoption_are_two_signs_of_risk(saas):
    """A2 of the mission page warns of taking them for one."""
    assert [sign.en for sign in saas.stage("at_risk").entry_signals] == [
        "Low product usage",
        "Lack of adoption",
        "Financial difficulty",
        "Support issues",
    ]


def test_staying_for_value_is_told_from_being_bound(saas):
    """S5-21, S3-06: a renewal alone says neither."""
    reasons = saas.vocabulary("reasons_to_stay")

    assert [term.id for term in reasons.terms] == ["value", "lock_in", "no_alternative"]


def test_nothing_is_claimed_that_nobody_knows(saas):
    """No document weighs a touchpoint, names an owner, gives a deadline or has asked a customer; S3-18."""
    claimed = {
        (each.evidence, each.weight, each.owner, each.response_within, each.controllable)
        for each in saas.touchpoints
    }

    assert claimed == {("assumed", None, None, None, None)}
    assert [each.id for each in saas.touchpoints if not each.expected] == ["support"]


def test_patience_lasts_a_quarter(saas):
    """S2-29: the longer of the two horizons that a client is judged over."""
    assert saas.idle == dt.timedelta(days=90)


# --- What it makes of logs ---


def test_use_renewal_and_support_follow_the_customer(saas):
    """A log names them alike in every stage; none of them may move anybody."""
    shared = ["product_use", "renewal", "support"]
    steps = [*ONBOARDED.values(), "upgrade", "downgrade"]
    days = {2 * number: step for number, step in enumerate(steps)}
    between = {2 * number + 1: shared for number in range(1, len(steps))}

    assert where(saas, days) == where(saas, dict(sorted((days | between).items())))


def test_use_before_anything_else_is_free_use(saas):
    """A log without sign-ups begins with somebody who uses the product, and has bought nothing."""
    assert where(saas, {1: "product_use", 2: "support", 3: "product_use"}) == ["free_use"]


def test_a_payment_made_good_recovers_to_the_plan_the_customer_was_on(saas):
    """S2-33: resolved, and not thrown back to the plan of the beginning."""
    days = ONBOARDED | {40: "upgrade", 70: "payment_failed", 74: "renewal", 80: "product_use"}

    assert where(saas, days)[-3:] == ["upgraded", "at_risk", "upgraded"]


def test_use_after_a_cancellation_is_no_return(saas):
    """What was paid for may still be used; only what begins anew brings a customer back."""
    left = ONBOARDED | {40: "cancellation", 45: "product_use", 46: "renewal", 50: "support"}

    assert where(saas, left)[-2:] == ["usage", "churned"]
    assert where(saas, left | {80: "subscription_start", 81: "product_use"})[-2:] == ["churned", "purchase"]


def test_churn_and_return_are_counted_as_exit_and_re_entry(saas):
    """Three times around: each churn is a loss where it happened, each return is not hidden by it."""
    round_trip = ["subscription_start", "cancellation"]
    journey = observe_days({"ana": dict(enumerate(["signup", *3 * round_trip]))}, lifecycle=saas)

    assert picked(jk.transitions(journey)[:3], "source", "target", "kind", "moves") == [
        ("purchase", "churned", "exit", 3),
        ("churned", "purchase", "re_entry", 2),
        ("free_use", "purchase", "advance", 1),
    ]


def test_staying_on_the_free_version_may_be_all_that_is_wanted(saas):
    """S2-20 and A0.1: with a target of their own, a customer who stays free is a success, not a loss."""
    days = {"ana": {1: "signup"}, "ben": {1: "signup"}, "zoe": {200: "signup"}}
    journey = observe_days(days, lifecycle=saas, customers={"ana": {"target_stage": "free_use"}})

    assert {one: last[-1].split()[1] for one, last in outcomes(journey).items()} == {
        "ana": "achieved",
        "ben": "dropped",
        "zoe": "open",
    }


def test_a_free_user_stands_in_two_stages_at_once(saas):
    """S2-10: a customer to the company, still in doubt in their own eyes; observed twice, counted once."""
    log = log_of({"ana": {1: "signup", 20: "subscription_start"}, "ben": {2: "signup"}, "cy": {3: "doubt"}})
    buying = jk.lifecycle("buying-steps").map(
        touchpoints={"signup": "overcome_doubt/signup", "subscription_start": "acceptance"}
    )
    rows = overlap(jk.observe(log, saas), jk.observe(log, buying), every="year")

    assert picked(rows, "stage", "other_stage", "customers") == [
        ("free_use", "overcome_doubt", 1),
        ("purchase", "give_acceptance", 1),
        (None, "overcome_doubt", 1),
    ]
