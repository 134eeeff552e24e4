"""Tests of the words on drawings."""

from __future__ import annotations

import pytest

from journeykit.graph.captions import edge_caption, node_lines, printable, share, title


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0, "0.00"), (0.004, "<0.01"), (0.006, "0.01"), (1.0, "1.00")]
)
def test_a_small_share_is_not_shown_as_none(value, shown):
    """One customer of a thousand is not nobody."""
    assert share(value) == shown


@pytest.mark.parametrize(
    ("data", "caption"),
    [
        ({"kind": "contains"}, ""),
        ({"moves": 1204, "share": 0.341}, "1,204 · 0.34"),
        ({"moves": 0, "share": 0.0}, "0"),
        ({"share": 0.5}, "0.50"),
    ],
)
def test_a_move_is_captioned_by_what_is_known_of_it(data, caption):
    """A plan knows nothing of moves; a move never made needs no share."""
    assert edge_caption(data) == caption


def test_nodes_are_described_by_what_is_known_of_them():
    """One visit is not "1 visits"."""
    assert node_lines(
        "a", {"kind": "stage", "label": "A", "stage_kind": "exit", "visits": 1, "share_lost": 0.0}
    ) == [
        "A",
        "exit",
        "1 visit",
        "0.00 lost",
    ]
    assert node_lines("a/b", {"kind": "touchpoint", "events": 1000}) == ["a/b", "1,000 events"]


def test_a_drawing_is_titled_by_its_lifecycle_and_origin():
    """Two drawings side by side must not be taken for each other."""
    assert title({"lifecycle": "shop", "origin": "customer"}) == "shop, one customer's journey"
    assert title({}) == ""


def test_lines_break_no_caption_and_hidden_marks_do_not_reorder_it():
    """A right-to-left mark in a CRM's name would turn the number beside it around."""
    assert printable("a\r\n\tb\u2028c\u202ed\x00") == "a b c\ufffdd\ufffd"
