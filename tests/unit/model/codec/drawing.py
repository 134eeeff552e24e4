"""Draw lifecycles that may say anything anywhere, as far as the rules let them."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, get_args, get_origin

import attrs
from hypothesis import strategies as st

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
    Term,
    Text,
    Touchpoint,
    Transition,
    Vocabulary,
)
from journeykit.model.values import declared_types

TRICKY = (
    *(
        "",
        " ",
        " a",
        "a ",
        "no",
        "Yes",
        "null",
        "~",
        "true",
        "0",
        "007",
        "1e5",
        "1_000",
        "0x1F",
        "0o17",
        "1:30",
        "-1",
    ),
    *(
        ".5",
        "1.",
        "+1.0",
        ".inf",
        "2024-01-31",
        "a: b",
        "a #b",
        "#",
        "- a",
        "[a]",
        "{a: b}",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
    ),
    *(
        "%",
        "@",
        "`",
        "'",
        '"',
        "=",
        "<<",
        "?",
        "---",
        "...",
        "a\nb",
        "\n",
        "a\n\n b\n",
        "\t",
        "\r\n",
        "\x00",
        "\x7f",
    ),
    *("\x85", "\u2028", "\ufeff", "\ufffe", "\U0001f600", "Prøve", "a" * 200, "word " * 60),
)
WORDS = st.sampled_from(TRICKY) | st.text(max_size=12)
IDS = st.sampled_from(
    [word for word in TRICKY if word.isprintable() and "/" not in word and word not in {"", "?"}]
) | st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="/?"), min_size=1, max_size=8)
LEAVES = {
    str: WORDS,
    bool: st.booleans(),
    int: st.integers(-(10**6), 10**6),
    float: st.floats(min_value=0, allow_infinity=False, allow_nan=False),
    timedelta: st.timedeltas(min_value=timedelta(0)),
    Text: st.builds(Text, WORDS, WORDS, WORDS, WORDS) | st.builds(Text, WORDS),
}


def of_type(declared):
    """Draw a value of the type that a field declares."""
    if get_origin(declared) is tuple:
        return st.lists(of_type(get_args(declared)[0]), max_size=2)
    if get_origin(declared) is Literal:
        return st.sampled_from(get_args(declared))
    if type(None) in get_args(declared):
        return st.none() | of_type(get_args(declared)[0])
    return LEAVES[declared]


def of_class(cls, *left_alone, **given_fields):
    """Draw an object of a model class: some of its fields, apart from those that rules tie together."""
    free = {
        name: of_type(declared)
        for name, declared in declared_types(cls).items()
        if name not in {*left_alone, *given_fields}
    }
    return st.fixed_dictionaries(given_fields, optional=free).map(lambda fields: cls(**fields))


def other_than(name):
    """Draw an id other than this one."""
    return IDS.map(lambda other: f"{other}x" if other == name else other)


@st.composite
def personas(draw, name, homes, ranked):
    """Draw a persona who goes through stages and touchpoints that there are."""
    places = [(stage, point) for point, stages in homes.items() for stage in stages]
    steps = [
        st.builds(Step, st.just(stage), st.just(point))
        | of_class(Step, stage=st.just(stage), touchpoint=st.just(point))
        for stage, point in places
    ]
    path = st.lists(st.one_of(steps), max_size=3) if steps else st.just(())
    targets = st.none() | st.sampled_from(ranked) if ranked else st.none()
    return draw(of_class(Persona, id=st.just(name), path=path, target_stage=targets))


def vocabularies():
    """Draw vocabularies; some words are only their ids."""
    terms = st.lists(IDS, max_size=3, unique=True).flatmap(
        lambda ids: st.tuples(
            *(st.builds(Term, st.just(each)) | of_class(Term, id=st.just(each)) for each in ids)
        )
    )
    return st.lists(IDS, max_size=2, unique=True).flatmap(
        lambda ids: st.tuples(*(of_class(Vocabulary, id=st.just(each), terms=terms) for each in ids))
    )


def bridges(ids, own):
    """Draw bridges from stages that there are to lifecycles that there may be."""
    pairs = st.lists(st.tuples(st.sampled_from(ids), other_than(own)), max_size=2, unique=True)
    return pairs.flatmap(
        lambda chosen: st.tuples(
            *(
                of_class(Bridge, lifecycle=st.just(there), stage=st.just(here), target=st.none() | IDS)
                for here, there in chosen
            )
        )
    )


@st.composite
def full_lifecycles(draw):
    """Draw a lifecycle that may say anything anywhere."""
    own_id = draw(IDS)
    elsewhere = other_than(own_id)
    parts_of = st.lists(st.builds("{}/{}".format, elsewhere, IDS), max_size=2, unique=True)
    ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    questions = draw(st.lists(IDS, max_size=4, unique=True))
    points = draw(st.lists(IDS, max_size=4, unique=True))
    homes = {
        name: draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True)) for name in points
    }
    ranked = draw(st.booleans())
    stages = []
    for place, name in enumerate(ids):
        kind = draw(st.sampled_from(["progress", "goal", "risk", "exit"]))
        asked = [draw(of_class(Question, id=st.just(each))) for each in questions[place : place + 1]]
        own = [point for point in points if name in homes[point]]
        ends = {
            "kind": st.just(kind),
            "rank": LEAVES[int] if ranked and kind in {"progress", "goal"} else st.none(),
            "entry": st.lists(st.sampled_from(own), unique=True) if own else st.just(()),
            "presence_questions": st.just(asked),
            "part_of": parts_of,
        }
        stages.append(draw(of_class(Stage, id=st.just(name), **ends)))
    ranked_ids = [stage.id for stage in stages if stage.kind in {"progress", "goal"}]
    people = draw(st.lists(IDS, max_size=2, unique=True))
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=4, unique=True))
    touchpoints = [
        draw(of_class(Touchpoint, "after", id=st.just(point), stages=st.just(homes[point])))
        for point in points
    ]
    if len(touchpoints) > 1 and set(homes[points[0]]) & set(homes[points[1]]):
        touchpoints[0] = attrs.evolve(touchpoints[0], after=points[1])
    named = WORDS.filter(lambda name: name != "" and name not in ids and name not in points)
    placed = {
        point: st.lists(st.sampled_from([f"{stage}/{point}" for stage in ids]), min_size=1, unique=True)
        for point in points
    }
    crm = {name: draw(st.sampled_from(points)) for name in draw(st.sets(named, max_size=2))} if points else {}
    own = {point: point for point in points if draw(st.booleans())}
    names = Names(
        stages=draw(st.dictionaries(named, st.sampled_from(ids), max_size=2)),
        touchpoints={
            name: draw(st.just(point) | placed[point] | placed[point].map(lambda places: places[0]))
            for name, point in {**crm, **own}.items()
        },
    )
    activities = of_class(Activity, stage=st.sampled_from(ids), touchpoint=WORDS.filter(bool))
    whole = {
        "id": st.just(own_id),
        "variant_of": st.lists(elsewhere, max_size=2),
        "idle": st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=1000)),
        "scope": of_class(Scope),
        "stages": st.just(stages),
        "transitions": st.just(
            [draw(of_class(Transition, source=st.just(a), target=st.just(b))) for a, b in pairs]
        ),
        "touchpoints": st.just(touchpoints),
        "activities": st.lists(activities, max_size=2),
        "questions": st.just([draw(of_class(Question, id=st.just(each))) for each in questions[len(ids) :]]),
        "vocabularies": vocabularies(),
        "personas": st.just([draw(personas(each, homes, ranked_ids)) for each in people]),
        "bridges": bridges(ids, own_id),
        "names": st.just(names),
    }
    return draw(of_class(Lifecycle, **whole))
