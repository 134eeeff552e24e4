"""The shipped shop: what the mission page says of it, and what its stages make of logs."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.logs import observe_days, picked, stays

import journeykit as jk


@pytest.fixture(scope="module")
def shop() -> jk.Lifecycle:
    """The shop as users get it."""
    return jk.lifecycle("ecommerce")


def kinds(journey):
    """Each move that was made, with its kind."""
    return sorted(
        picked([row for row in jk.transitions(journey) if row.moves], "source", "target", "kind", "moves")
    )


# --- What the plan says ---


def test_the_stages_lead_to_the_purchase_and_over_receiving_and_using_to_the_next(shop):
    """S2-08: after the purchase come receiving and using; S3-03: what counts is the repurchase."""
    assert [(stage.id, stage.kind, shop.rank(stage.id)) for stage in shop.stages] == [
        ("discover", "progress", 1),
        ("consider", "progress", 2),
        ("basket", "progress", 3),
        ("purchase", "progress", 4),
        ("receive", "progress", 5),
        ("use", "progress", 6),
        ("repurchase", "goal", 7),
        ("problem", "risk", None),
        ("returns", "risk", None),
        ("lapsed", "exit", None),
    ]


def test_most_touchpoints_come_before_the_purchase(shop):
    """S2-08: the engagement is weighted to what comes before."""
    first = [each.stages[0] for each in shop.touchpoints]
    before = [stage for stage in first if stage in {"discover", "consider", "basket"}]

    assert (len(before), len(first)) == (14, 26)


def test_the_repurchase_is_a_loop_that_a_further_order_enters(shop):
    """S3-03: each further order is a visit, so that the days between orders are counted."""
    assert shop.repeats("repurchase")
    assert shop.entry_touchpoints("repurchase") == ("repeat_order",)
    assert [stage.id for stage in shop.stages if shop.repeats(stage.id)] == ["purchase", "repurchase"]


@pytest.mark.parametrize(
    ("source", "target", "kind", "declared"),
    [
        ("discover", "consider", "advance", True),
        ("discover", "basket", "skip", False),
        ("basket", "consider", "regress", False),
        ("basket", "purchase", "advance", True),
        ("basket", "repurchase", "advance", True),
        ("purchase", "purchase", "repeat", True),
        ("purchase", "repurchase", "advance", True),
        ("use", "repurchase", "advance", True),
        ("repurchase", "repurchase", "repeat", True),
        ("repurchase", "consider", "regress", False),
        ("receive", "returns", "at_risk", True),
        ("returns", "use", "recover", True),
        ("problem", "returns", "lateral", True),
        ("problem", "lapsed", "exit", True),
        ("lapsed", "purchase", "re_entry", False),
    ],
)
def test_moves_have_the_kinds_that_the_documents_mean(shop, source, target, kind, declared):
    """A repurchase is an advance or a repeat, a detour a regression, a return neither (S3-12, S4-15)."""
    assert (shop.transition_kind(source, target), shop.declares(source, target)) == (kind, declared)


def test_whoever_was_in_trouble_is_asked_whether_they_came_back(shop):
    """S3-12: `not_taken` of a stage of risk is what recovery is measured by."""
    back = ("purchase", "receive", "use", "repurchase")

    assert (shop.onward("problem"), shop.onward("returns")) == (back, back)


def test_generation_z_crosses_devices(shop):
    """S4-08: social media, mobile website, laptop; S4-09: both sides of each step are told."""
    path = shop.persona("gen_z").path

    assert [(step.stage, step.touchpoint, step.channel, step.device) for step in path] == [
        ("discover", "social_media", "social_media", None),
        ("consider", "product_page", "website", "mobile"),
        ("basket", "add_to_basket", "website", "laptop"),
        ("purchase", "order", "website", "laptop"),
    ]
    assert all(step.expected_action and step.company_response for step in path)


def test_the_vocabularies_hold_what_is_told_and_cannot_be_seen_in_a_log(shop):
    """S3-04 to S3-16, S4-07, S4-19, S5-21: words to write down beside the events."""
    assert {one.id: [term.id for term in one.terms] for one in shop.vocabularies} == {
        "whys": ["continue", "recommend", "stopped", "detract"],
        "reasons_to_stay": ["value", "lock_in", "no_alternative"],
        "moments": ["impressed", "service_recovery", "unexpected_delight"],
        "misleading_numbers": ["visits", "page_views_per_visit", "sales", "satisfaction"],
        "touchpoint_categories": ["website", "social", "marketing", "sales"],
        "service_needs": ["problem", "question"],
    }


def test_single_sentences_of_the_documents_are_where_they_belong(shop):
    """S3-05 basket, S3-08 page views, S4-18 retargeting, S4-19 service in three channels."""
    service = [each for each in shop.touchpoints_in("problem") if "S4-19" in each.sources]

    assert [text.en for text in shop.touchpoint("view_basket").expectations] == ["An intuitive basket"]
    assert [text.en for text in shop.touchpoint("product_page").pain_points] == [
        "Nobody understands what you sell"
    ]
    assert [text.en for text in shop.touchpoint("contact_search").pain_points] == [
        "Hard to find, after many page views"
    ]
    assert shop.touchpoint("retargeting_ad").after == ("product_page",)
    assert [each.channel for each in service] == ["social_media", "messenger", "live_chat"]


def test_the_two_overlooked_journeys_run_beside_this_one(shop):
    """S3-19: recommendation and expectation."""
    assert [(bridge.stage, bridge.lifecycle, bridge.target) for bridge in shop.bridges] == [
        ("discover", "expectation", "expecting"),
        ("purchase", "recommendation", "keeps_buying"),
    ]


def test_nothing_is_claimed_that_nobody_knows(shop):
    """No document weighs a touchpoint, names an owner, gives a deadline or has asked a customer; S3-18."""
    claimed = {
        (each.evidence, each.weight, each.owner, each.response_within, each.controllable, each.expected)
        for each in shop.touchpoints
    }

    assert claimed == {("assumed", None, None, None, None, True)}


def test_patience_lasts_half_a_year(shop):
    """A customer who buys for summer and for Christmas is no lost one."""
    assert shop.idle == dt.timedelta(days=180)


# --- What it makes of logs ---


def test_what_belongs_to_a_further_order_stays_in_its_visit(shop):
    """Otherwise every second delivery would be a step back, and the days between orders lost."""
    journey = observe_days(
        {"ana": {1: "order", 4: "delivery", 30: "repeat_order", 33: "delivery", 60: "repeat_order"}},
        lifecycle=shop,
    )

    assert stays(journey) == {
        "ana": ["purchase from 1", "receive from 4", "repurchase from 30", "repurchase from 60"]
    }
    assert kinds(journey) == [
        ("purchase", "receive", "advance", 1),
        ("receive", "repurchase", "advance", 1),
        ("repurchase", "repurchase", "repeat", 1),
    ]


def test_orders_of_one_name_repeat_all_the_same(shop):
    """A log that does not know which order is whose first must not hide repurchases."""
    journey = observe_days({"ana": {1: "order", 40: "order", 70: "order"}}, lifecycle=shop)

    assert kinds(journey) == [("purchase", "purchase", "repeat", 2)]


def test_a_return_is_a_risk_that_may_be_recovered_from(shop):
    """S3-12: ana gets another one and buys again, ben leaves, NA was never heard of again."""
    journey = observe_days(
        {
            "ana": {1: "order", 4: "delivery", 6: "return_request", 9: "delivery", 50: "repeat_order"},
            "ben": {1: "order", 4: "delivery", 6: ["return_request", "refund"], 20: "leaving_question"},
            "NA": {1: "order", 3: "service_live_chat"},
            "zoe": {260: "social_media"},
        },
        lifecycle=shop,
    )
    rows = {row.stage: row for row in jk.drop_offs(journey)}

    assert kinds(journey) == [
        ("purchase", "problem", "at_risk", 1),
        ("purchase", "receive", "advance", 2),
        ("receive", "repurchase", "advance", 1),
        ("receive", "returns", "at_risk", 2),
        ("returns", "lapsed", "exit", 1),
        ("returns", "receive", "recover", 1),
    ]
    assert [(rows[one].visits, rows[one].lost, rows[one].not_taken) for one in ("problem", "returns")] == [
        (1, 1, 1),
        (2, 1, 1),
    ]


def test_whoever_bought_again_has_reached_the_goal(shop):
    """S3-03: repurchase is the outcome; one purchase and silence is a loss."""
    journey = observe_days(
        {"ana": {1: "order", 50: "repeat_order"}, "ben": {1: "order"}, "zoe": {260: "order"}}, lifecycle=shop
    )
    rows = picked(jk.drop_offs(journey), "stage", "visits", "achieved", "dropped", "open", "reached_goal")

    assert sorted(rows) == [("purchase", 3, 0, 1, 1, 1), ("repurchase", 1, 1, 0, 0, 1)]
