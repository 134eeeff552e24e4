"""A variant states only what differs from the lifecycle it extends; the result is a whole lifecycle."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from journeykit.model import (
    Activity,
    Bridge,
    Lifecycle,
    Names,
    Persona,
    Question,
    Scope,
    Stage,
    Step,
    Touchpoint,
    Transition,
    Vocabulary,
)
from journeykit.model.codec import from_dict, from_json, from_yaml, read_lifecycle

BASE = Lifecycle(
    "shop",
    title={"en": "Shop", "da": "Butik"},
    idle="60 days",
    scope=Scope(start="First visit", end="Last order"),
    stages=[
        "browse",
        Stage("basket", label={"en": "Basket", "da": "Kurv"}, needs=["Overview", "Price"]),
        Stage("order", kind="goal", entry=["paid", "phoned"]),
        Stage("trouble", kind="risk"),
    ],
    transitions=[
        ("browse", "basket"),
        Transition("basket", "order", label="Buy", checks="Paid"),
        ("order", "order"),
    ],
    touchpoints=[
        Touchpoint("page", stages="browse", channel="web", owner="Kim"),
        Touchpoint("cart", stages="basket", after=[]),
        Touchpoint("phoned", stages=["basket", "order"], after="cart"),
        Touchpoint("paid", stages="order"),
        Touchpoint("complaint", stages="trouble"),
    ],
    activities=[
        Activity("browse", "advert", effort=1),
        Activity("trouble", "call"),
        Activity("browse", "advert"),
    ],
    questions=[Question("why", text="Why?"), Question("how", text="How?")],
    vocabularies=[Vocabulary("whys", terms=["want", "must"]), Vocabulary("axes", terms=["persona"])],
    personas=[
        Persona(
            "gen_z",
            label="Gen Z",
            path=["browse/page", "trouble/complaint", Step("order", "paid", device="laptop")],
        ),
        Persona("buyer", target_stage="order"),
    ],
    bridges=[Bridge("support", stage="trouble"), Bridge("club", stage="order", target="member")],
    names=Names(
        stages={"Won": "order", "Escalated": "trouble"},
        touchpoints={"Call": ["basket/phoned", "order/phoned"], "Angry": "complaint", "Hit": "browse/page"},
    ),
)


def variant(text: str) -> Lifecycle:
    """Read a variant of the shop."""
    return from_yaml(f"id: corner\nextends: shop\n{text}", bases=[BASE])


def evolved(**changes) -> Lifecycle:
    """Make the same in Python."""
    return attrs.evolve(BASE, id="corner", variant_of="shop", **changes)


def test_a_variant_that_states_nothing_is_its_base_under_another_id():
    """Whoever copies a plan to change it later has a plan at once."""
    assert variant("") == evolved()


def test_what_a_variant_states_replaces_what_the_base_says():
    """Words go together in all their languages: a new English title beside the old Danish one misleads."""
    found = variant("""
title: Corner shop
idle: 10 days
owner: Bo
scope: {end: First order}
""")

    assert found == evolved(
        title="Corner shop", idle="10 days", owner="Bo", scope=Scope(start="First visit", end="First order")
    )


def test_items_are_merged_field_by_field_and_their_lists_are_replaced():
    """A shop that renames its basket keeps what customers need there; one that lists needs means these."""
    found = variant("""
stages:
  - {id: basket, label: Trolley}
  - {id: order, entry: paid}
transitions:
  - {source: basket, target: order, checks: [Paid, Packed]}
touchpoints:
  - {id: page, channel: app, owner: }
questions: [{id: how, text: How then?}]
vocabularies: [{id: whys, terms: [want]}]
personas: [{id: buyer, label: Buyer}]
bridges: [{lifecycle: club, stage: order, target: guest}]
""")

    browse, basket, order, trouble = BASE.stages
    page, *touchpoints = BASE.touchpoints
    assert found == evolved(
        stages=[browse, attrs.evolve(basket, label="Trolley"), attrs.evolve(order, entry="paid"), trouble],
        transitions=[
            BASE.transitions[0],
            Transition("basket", "order", label="Buy", checks=["Paid", "Packed"]),
            BASE.transitions[2],
        ],
        touchpoints=[attrs.evolve(page, channel="app", owner=None), *touchpoints],
        questions=[Question("why", text="Why?"), Question("how", text="How then?")],
        vocabularies=[Vocabulary("whys", terms=["want"]), Vocabulary("axes", terms=["persona"])],
        personas=[BASE.personas[0], Persona("buyer", label="Buyer", target_stage="order")],
        bridges=[BASE.bridges[0], Bridge("club", stage="order", target="guest")],
    )


def test_new_items_come_after_the_item_that_stands_before_them():
    """The order of stages is their rank: a new one has to say where it belongs, by standing there."""
    found = variant("""
stages: [home, basket, wrap, pack, browse, search]
transitions: [[order, browse], [browse, basket], [basket, browse]]
""")

    assert found.stage_ids == ("browse", "search", "basket", "wrap", "pack", "order", "trouble", "home")
    assert [(each.source, each.target) for each in found.transitions] == [
        ("browse", "basket"),
        ("basket", "browse"),
        ("basket", "order"),
        ("order", "order"),
        ("order", "browse"),
    ]


def test_activities_are_told_apart_by_place_and_number():
    """They have no id: the second advert of the variant is the second of the base."""
    found = variant("""
activities:
  - {stage: browse, touchpoint: advert, unit: hours}
  - {stage: browse, touchpoint: advert, effort: 5}
  - {stage: browse, touchpoint: advert, effort: 7}
""")

    assert found.activities == (
        Activity("browse", "advert", effort=1, unit="hours"),
        Activity("trouble", "call"),
        Activity("browse", "advert", effort=5),
        Activity("browse", "advert", effort=7),
    )


def test_names_are_merged_name_by_name():
    """Two CRMs, one plan: the second adds its own words to those of the first."""
    found = variant("""
names:
  stages: {Won: basket, Ordered: order}
  touchpoints: {Call: phoned}
""")

    assert found.names == Names(
        stages={"Won": "basket", "Ordered": "order", "Escalated": "trouble"},
        touchpoints={"Call": "phoned", "Angry": "complaint", "Hit": "browse/page"},
    )


def test_a_stage_that_is_left_out_takes_with_it_what_the_base_says_of_it():
    """A shop without trouble has no complaint, no way to support, and nobody's path goes there."""
    found = variant("without: {stages: trouble}")

    assert found == evolved(
        stages=BASE.stages[:3],
        touchpoints=BASE.touchpoints[:4],
        activities=[BASE.activities[0], BASE.activities[2]],
        personas=[
            attrs.evolve(BASE.personas[0], path=["browse/page", Step("order", "paid", device="laptop")]),
            BASE.personas[1],
        ],
        bridges=[BASE.bridges[1]],
        names=Names(
            stages={"Won": "order"},
            touchpoints={"Call": ["basket/phoned", "order/phoned"], "Hit": "browse/page"},
        ),
    )


def test_a_shared_touchpoint_stays_in_the_stages_that_are_left():
    """Only a touchpoint that is left with no stage goes; what came before it elsewhere no longer does."""
    found = variant("without: {stages: [basket]}")

    assert found.touchpoint("phoned") == Touchpoint("phoned", stages="order")
    assert found.touchpoint_ids == ("page", "phoned", "paid", "complaint")
    assert [(each.source, each.target) for each in found.transitions] == [("order", "order")]
    assert found.names.touchpoints == (
        ("Angry", "complaint"),
        ("Call", "order/phoned"),
        ("Hit", "browse/page"),
    )


def test_the_goal_of_a_persona_goes_with_its_stage():
    """Without the stage, success is what it is for everybody else: the goals."""
    found = variant("""
without: {stages: order}
stages: [{id: basket, kind: goal}]
""")

    assert found.persona("buyer") == Persona("buyer")


def test_a_touchpoint_is_moved_rather_than_lost():
    """Who gives a touchpoint a stage of its own and drops the old one has not dropped the touchpoint."""
    found = variant("""
without: {stages: [trouble]}
touchpoints: [{id: complaint, stages: order}]
""")

    assert found.touchpoint("complaint") == Touchpoint("complaint", stages="order")
    assert found.names == attrs.evolve(BASE.names, stages={"Won": "order"})


def test_a_touchpoint_that_is_left_out_is_nowhere():
    """Neither the start of a visit, nor before another one, nor on a path, nor what a CRM means."""
    found = variant("without: {touchpoints: [paid, cart]}")

    assert found.stage("order").entry == ("phoned",)
    assert found.touchpoint("phoned").after == ()
    assert found.persona("gen_z").path == (Step("browse", "page"), Step("trouble", "complaint"))
    assert found.touchpoint_ids == ("page", "phoned", "complaint")


def test_everything_with_a_name_can_be_left_out():
    """What has an id goes by its id, the rest by the pair that tells it from others."""
    found = variant("""
without:
  transitions: [[order, order]]
  touchpoints: complaint
  activities: [[browse, advert]]
  questions: why
  vocabularies: [whys, axes]
  personas: [gen_z]
  bridges: [[order, club]]
""")

    assert found == evolved(
        transitions=BASE.transitions[:2],
        touchpoints=BASE.touchpoints[:4],
        activities=[Activity("trouble", "call")],
        questions=[BASE.questions[1]],
        vocabularies=[],
        personas=[BASE.personas[1]],
        bridges=[BASE.bridges[0]],
        names=attrs.evolve(
            BASE.names, touchpoints={"Call": ["basket/phoned", "order/phoned"], "Hit": "browse/page"}
        ),
    )


def test_what_is_left_out_and_stated_anew_starts_from_nothing():
    """The way to restate an item whole, where a field of the base is in the way."""
    found = variant("""
without: {touchpoints: page}
touchpoints: [{id: page, stages: browse}]
""")

    assert found.touchpoint("page") == Touchpoint("page", stages="browse")
    assert found.touchpoint_ids[-1] == "page"


def test_json_and_plain_data_extend_as_yaml_does():
    """A form posts JSON; a plan is a plan."""
    data = {"id": "corner", "extends": "shop", "without": {"stages": ("trouble",)}, "stages": ("wrap",)}
    text = '{"id": "corner", "extends": "shop", "without": {"stages": "trouble"}, "stages": ["wrap"]}'

    assert from_dict(data, bases=[BASE]) == from_json(text, bases=iter([BASE]))
    assert Lifecycle.from_json(text, bases=[BASE]).stage_ids == ("browse", "basket", "order", "wrap")
    assert Lifecycle.from_yaml(text, bases=[BASE]) == from_json(text, bases=[BASE])


def test_a_variant_is_written_whole():
    """What is saved has to be readable where the base is not."""
    found = variant("without: {stages: [trouble]}")

    text = found.to_yaml()

    assert text.startswith("id: corner\nvariant_of: [shop]\n")
    assert "extends" not in text
    assert from_yaml(text) == from_json(found.to_json()) == found


@pytest.mark.parametrize("name", ["shop.yaml", "shop.yml", "shop.json"])
def test_a_base_may_stand_in_a_file_beside(tmp_path, name):
    """A folder of lifecycles needs no list of them."""
    text = BASE.to_json() if name.endswith("json") else BASE.to_yaml()
    (tmp_path / name).write_text(text, encoding="utf-8")
    file = tmp_path / "corner.yaml"
    file.write_text("id: corner\nextends: shop\n", encoding="utf-8")

    assert read_lifecycle(file) == evolved()


def test_variants_may_have_variants(tmp_path):
    """A country's shop is a variant of the chain's, which is one of what ships."""
    (tmp_path / "chain.yaml").write_text(
        "id: chain\nextends: b2b-seven-phase\nowner: Kim\n", encoding="utf-8"
    )
    (tmp_path / "nordic.json").write_text('{"id": "nordic", "extends": "chain", "idle": "9 days"}', "utf-8")

    found = read_lifecycle(tmp_path / "nordic.json")

    shipped = from_yaml("id: nordic\nextends: b2b-seven-phase\nidle: 9 days\nowner: Kim")
    assert found == attrs.evolve(shipped, variant_of=("chain", "b2b-seven-phase"))


def test_what_the_caller_gives_comes_before_files_and_files_before_what_ships(tmp_path):
    """The nearest meaning of a name is the one that is meant."""
    own = Lifecycle("b2b-seven-phase", ["own"])
    file = tmp_path / "variant.yaml"
    file.write_text("id: variant\nextends: b2b-seven-phase\n", encoding="utf-8")
    shipped = read_lifecycle(file).stage_ids
    (tmp_path / "b2b-seven-phase.yaml").write_text(
        "id: b2b-seven-phase\nstages: [beside]\n", encoding="utf-8"
    )

    assert read_lifecycle(file, bases=[own]).stage_ids == ("own",)
    assert read_lifecycle(file).stage_ids == ("beside",)
    assert len(shipped) > 1


def test_a_file_named_as_its_base_is_not_its_own_base(tmp_path):
    """`b2b-seven-phase.yaml` is what many will call their copy of it."""
    file = tmp_path / "b2b-seven-phase.yaml"
    file.write_text("id: ours\nextends: b2b-seven-phase\n", encoding="utf-8")

    assert read_lifecycle(file).variant_of == ("b2b-seven-phase",)


def test_reading_a_variant_needs_no_plugin_manager(monkeypatch):
    """A plugin reads its lifecycles while it is asked for them; asking on would go round in circles."""
    from journeykit.plugins import manager

    monkeypatch.setattr(manager, "make_manager", None)

    assert from_yaml("id: ours\nextends: b2b-seven-phase").variant_of == ("b2b-seven-phase",)


def test_a_folder_that_can_not_be_listed_hides_no_base_that_ships(tmp_path, monkeypatch):
    """A server may let a program read its one file, and nothing beside it."""
    file = tmp_path / "ours.yaml"
    file.write_text("id: ours\nextends: b2b-seven-phase\n", encoding="utf-8")
    listed = Path.iterdir

    def unless_ours(folder):
        if folder == tmp_path:
            raise PermissionError(folder)
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", unless_ours)

    assert read_lifecycle(file).variant_of == ("b2b-seven-phase",)
