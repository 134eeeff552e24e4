"""The shipped shop on two real logs, a retailer's orders and a webshop's clicks, counted again by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import journeykit as jk
from tests.realdata import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

RETAILER = {
    "first_purchase": "order",
    "repeat_purchase": "repeat_order",
    # Mostly a few lines, given back within a week: no return of goods, so it stays with the order.
    "cancellation": ["purchase/credit_note", "repurchase/credit_note"],
}

WEBSHOP = {
    "home": "website",
    "promo_page": "discover/promo_page",
    "product_view": "product_page",
    "review_page": "customer_review",
    "compare": "comparison",
    "add_to_cart": "add_to_basket",
    "cart": "view_basket",
    "shipping_details": "checkout",
    "payment_details": "basket/payment_details",
    "purchase": "order",
}
"""What the webshop's log says of a purchase; its catalogue, errors and account pages are left out."""


@pytest.fixture(scope="module")
def orders(known: Any) -> Iterator[jk.Journey]:
    """The retailer's invoices."""
    plan = jk.lifecycle("ecommerce").map(touchpoints=RETAILER)
    with reference.open_events(known("retailer").events) as log, jk.observe(log, plan) as journey:
        yield journey


def test_every_further_order_is_a_visit_to_repurchase(orders, known):
    """S3-03: the repurchases of the plan are the further orders of the log, at one instant counted once."""
    histories = reference.histories(known("retailer").events)
    further = {
        customer: {event.timestamp for event in history if event.touchpoint == "repeat_purchase"}
        for customer, history in histories.items()
    }
    row = next(row for row in jk.drop_offs(orders) if row.stage == "repurchase")

    assert row.visits == sum(map(len, further.values()))
    assert row.customers == sum(map(bool, further.values()))


def test_the_way_from_a_first_order_to_the_next_is_an_advance_and_then_a_repeat(orders):
    """Nothing of a retailer's orders looks like a step back."""
    moves = {(row.source, row.target): row.kind for row in jk.transitions(orders) if row.moves}

    assert moves == {("purchase", "repurchase"): "advance", ("repurchase", "repurchase"): "repeat"}


def test_whoever_orders_again_is_not_lost_and_whoever_does_not_is(orders, known):
    """Half a year without another order, counted from the last sign of life."""
    idle = jk.lifecycle("ecommerce").idle
    histories = reference.histories(known("retailer").events)
    once = [one for one in histories.values() if all(e.touchpoint != "repeat_purchase" for e in one)]
    dropped = sum(orders.as_of - history[-1].timestamp >= idle for history in once)
    rows = {row.stage: row for row in jk.drop_offs(orders)}

    assert (rows["purchase"].dropped, rows["purchase"].open) == (dropped, len(once) - dropped)
    assert (rows["repurchase"].lost, rows["repurchase"].achieved) == (0, rows["repurchase"].customers)


def test_the_basket_of_a_webshop_is_where_its_purchases_come_from(known):
    """Clicks of a shop fit the plan with ten names; moves into the purchase are those of the log."""
    events = known("webshop").events
    plan = jk.lifecycle("ecommerce").map(touchpoints=WEBSHOP)
    stages = {name: plan.touchpoint_names[name][1][0] for name in WEBSHOP}
    expected = 0
    for history in reference.histories(events).values():
        places = [stages[event.touchpoint] for event in history if event.touchpoint in stages]
        expected += sum(move == ("basket", "purchase") for move in pairwise(places))

    with reference.open_events(events) as log, jk.observe(log, plan) as journey:
        moves = {(row.source, row.target): row.moves for row in jk.transitions(journey)}

    assert moves["basket", "purchase"] == expected > 0
