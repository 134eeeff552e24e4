"""Personas, vocabularies and bridges: what a plan says beside its stages, and the rules they keep."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest

from journeykit.errors import LifecycleError, UnknownNameError
from journeykit.model import Bridge, Lifecycle, Persona, Stage, Step, Term, Text, Touchpoint, Vocabulary


def shop(**changes) -> Lifecycle:
    """The example of the mission: discover on social media, look on the mobile site, buy on a laptop."""
    return Lifecycle(
        "shop",
        ["discover", "look", Stage("buy", kind="goal"), Stage("gone", kind="exit")],
        touchpoints={"post": "discover", "site": ["look", "buy"], "order": "buy", "farewell": "gone"},
        **changes,
    )


def problems(**changes) -> tuple[str, ...]:
    """Build a shop that breaks rules, and return what it says."""
    with pytest.raises(LifecycleError) as raised:
        shop(**changes)
    return raised.value.problems


def test_short_forms_say_the_same_as_the_parts():
    """A word of a vocabulary needs no class, and neither does a step of a path."""
    short = shop(
        vocabularies=Vocabulary("triggers", terms=["low_usage", "poor_sentiment"], cadence="every month"),
        personas=[
            Persona("gen_z", path=["discover/post", "look/site", Step("buy", "order", device="laptop")])
        ],
        bridges=Bridge("club", stage="buy"),
    )

    assert short == shop(
        vocabularies=(
            Vocabulary(
                "triggers",
                terms=(Term("low_usage"), Term("poor_sentiment")),
                cadence=Text("every month"),
            ),
        ),
        personas=(
            Persona(
                "gen_z",
                path=(Step("discover", "post"), Step("look", "site"), Step("buy", "order", device="laptop")),
            ),
        ),
        bridges=(Bridge("club", stage="buy", target=None),),
    )
    assert pickle.loads(pickle.dumps(short)) == short
    assert hash(pickle.loads(pickle.dumps(short))) == hash(short)


def test_a_lone_word_and_a_lone_step_are_lists_of_one():
    """As everywhere in the model."""
    assert Vocabulary("axes", terms="persona") == Vocabulary("axes", terms=[Term("persona")])
    assert Persona("kim", path="buy/order") == Persona("kim", path=[Step("buy", "order")])


def test_a_step_says_what_both_sides_do_and_how_soon():
    """S4-09: what the customer is expected to do, what the company answers, and by when."""
    step = Step("buy", "order", expected_action="Pays", company_response="Ships", response_within="2 days")

    assert step.response_within == timedelta(days=2)
    assert repr(step) == (
        "Step('buy', 'order', expected_action=Text('Pays'), company_response=Text('Ships'),"
        " response_within=datetime.timedelta(days=2))"
    )


def test_values_show_what_was_said_about_them():
    """As the other values do."""
    assert [
        repr(Vocabulary("axes", terms=["persona"])),
        repr(Persona("kim", target_stage="buy")),
        repr(Bridge("club", stage="buy", target="member")),
        repr(Stage("buy", part_of="b2b/reflection")),
    ] == [
        "Vocabulary('axes', terms=(Term('persona'),))",
        "Persona('kim', target_stage='buy')",
        "Bridge('club', stage='buy', target='member')",
        "Stage('buy', part_of=('b2b/reflection',))",
    ]


def test_vocabularies_and_personas_are_found_by_their_ids():
    """A word that is asked for in code may be misspelt, as a stage may."""
    plan = shop(vocabularies=[Vocabulary("triggers"), Vocabulary("axes")], personas=[Persona("gen_z")])

    assert plan.vocabulary("axes") == Vocabulary("axes")
    assert plan.persona("gen_z") == Persona("gen_z")
    for ask, message in (
        (
            lambda: plan.vocabulary("trigers"),
            (
                "no vocabulary named 'trigers' in lifecycle 'shop'. Did you mean 'triggers'?"
                " Known: triggers, axes."
            ),
        ),
        (
            lambda: plan.persona("genz"),
            "no persona named 'genz' in lifecycle 'shop'. Did you mean 'gen_z'? Known: gen_z.",
        ),
    ):
        with pytest.raises(UnknownNameError) as raised:
            ask()
        assert str(raised.value) == message


def test_every_broken_rule_is_listed_in_the_order_of_the_parts():
    """One run, all mistakes: of ids, references, quantities and types."""
    assert problems(
        variant_of="a/b",
        vocabularies=[
            Vocabulary("triggers", terms=["low", "low", 3, ""]),
            Vocabulary("triggers", cadence=7),
            "axes",
        ],
        personas=[
            Persona("", path=["look/sit", "lok/site", "look", "buy/post", 3, Step("look", 4)]),
            Persona("kim", target_stage="gone", path=[Step("look", "site", response_within=timedelta(-1))]),
            Persona("kim", target_stage="by"),
        ],
        bridges=[
            Bridge("club", stage="bye", target="a/b"),
            Bridge("shop", stage="buy"),
            Bridge("", stage="buy"),
            Bridge("club", stage="buy"),
            Bridge("club", stage="buy", target="member"),
        ],
    ) == (
        "variant_of: 'a/b' has a '/', which parts a stage from a touchpoint",
        "vocabulary 'triggers', terms[2]: must be of type Term, not 3",
        "vocabulary 'triggers', terms[3].id: is empty",
        "vocabulary 'triggers', terms[1]: stands there twice, first as vocabularies[0].terms[0]",
        "vocabulary 'triggers', cadence: must be text, or text by language (en, da, sv, nb), not 7",
        "vocabulary 'triggers': stands there twice, first as vocabularies[0]",
        "vocabulary 'axes': must be of type Vocabulary, not 'axes'",
        "personas[0].path[2]: must be 'stage/touchpoint' or a Step, not 'look'",
        "personas[0].path[4]: must be of type Step, not 3",
        "personas[0].path[5].touchpoint: must be text, not 4",
        "personas[0].id: is empty",
        "personas[0].path[0]: no touchpoint named 'sit'. Did you mean 'site'?",
        "personas[0].path[1]: no stage named 'lok'. Did you mean 'look'?",
        "personas[0].path[3]: touchpoint 'post' is not in stage 'buy', but in discover",
        "persona 'kim', path[0].response_within: must be 0 or longer, not minus 1 day",
        "persona 'kim', target_stage: stage 'gone' is of kind exit; a target is a progress or goal stage",
        "persona 'kim': stands there twice, first as personas[1]",
        "persona 'kim', target_stage: no stage named 'by'. Did you mean 'buy'?",
        "bridge 'bye' -> 'club': no stage named 'bye'. Did you mean 'buy'?",
        "bridge 'bye' -> 'club', target: 'a/b' has a '/', which parts a stage from a touchpoint",
        "bridge 'buy' -> 'shop': leads to this lifecycle itself, not to another",
        "bridge 'buy' -> '', lifecycle: is empty",
        "bridge 'buy' -> 'club': stands there twice, first as bridges[3]",
    )


@pytest.mark.parametrize(
    ("part_of", "found"),
    [
        ("reflection", "stage 'look', part_of: must be 'lifecycle/stage', not 'reflection'"),
        ("b2b/", "stage 'look', part_of: must be 'lifecycle/stage', not 'b2b/'"),
        ("/reflection", "stage 'look', part_of: must be 'lifecycle/stage', not '/reflection'"),
        ("a/b/c", "stage 'look', part_of: must be 'lifecycle/stage', not 'a/b/c'"),
        ("shop/look", "stage 'look', part_of: 'shop/look' is in this lifecycle itself, not in another"),
        (3, "stage 'look', part_of[0]: must be text, not 3"),
        (["b2b/a", "b2b/a"], "stage 'look', part_of: 'b2b/a' stands there 2 times"),
    ],
)
def test_a_part_of_another_lifecycle_is_named_by_both_ids(part_of, found):
    """The other lifecycle may not be here to be asked; the shape of its name can be."""
    with pytest.raises(LifecycleError) as raised:
        Lifecycle("shop", [Stage("look", part_of=part_of)])

    assert raised.value.problems == (found,)


def test_a_variant_needs_an_id_of_its_own():
    """What goes by the name of its base hides it."""
    assert problems(variant_of="shop") == ("variant_of: a variant needs an id of its own, not 'shop' again",)


def test_a_misspelt_stage_is_said_once():
    """Its touchpoint is in no known stage then, which is the same mistake seen from elsewhere."""
    with pytest.raises(LifecycleError) as raised:
        Lifecycle(
            "shop",
            ["look", Stage("buy", entry="order")],
            touchpoints=[
                Touchpoint("site", stages="look"),
                Touchpoint("order", stages="by", after="site"),
            ],
            personas=[Persona("kim", path=["buy/order"])],
        )

    assert raised.value.problems == ("touchpoint 'order': no stage named 'by'. Did you mean 'buy'?",)


def test_what_another_lifecycle_holds_is_not_asked():
    """A plan names plans that may not be installed, or not be written yet."""
    plan = Lifecycle(
        "buyer",
        [Stage("won", part_of=["b2b-seven-phase/implementation", "other/thing"])],
        bridges=[Bridge("customer", stage="won", target="anything"), Bridge("club", stage="won")],
        variant_of="nobody knows",
    )

    assert [each.lifecycle for each in plan.bridges] == ["customer", "club"]
