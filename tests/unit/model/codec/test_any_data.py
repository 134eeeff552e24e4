"""Whatever data come, the answer is a lifecycle or a `LifecycleError`: never another exception."""

from __future__ import annotations

import contextlib

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.model.codec.drawing import full_lifecycles

from journeykit.errors import LifecycleError
from journeykit.model import (
    Activity,
    Bridge,
    Lifecycle,
    Persona,
    Question,
    Scope,
    Stage,
    Step,
    Term,
    Touchpoint,
    Transition,
    Vocabulary,
)
from journeykit.model.codec import from_dict, from_json, from_yaml
from journeykit.model.codec.converter import MAPPED
from journeykit.model.codec.items import FILE_ONLY, KEYS

WORDS = st.sampled_from(
    ["visit", "trial", "?", "", "a/b", "visit/call", "call", "goal", "30 days", "da", "dk"]
) | st.text(max_size=3)
FIELDS = st.sampled_from(
    sorted({field.name for cls in MAPPED for field in attrs.fields(cls)} | {"da", "dk", *FILE_ONLY})
)
LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | WORDS
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS | WORDS, inner, max_size=3),
    max_leaves=12,
)


def of_class(cls, **fields):
    """Draw data with the right keys, and anything at those that are not given."""
    names = [field.name for field in attrs.fields(cls) if field.name not in fields]
    free = st.dictionaries(st.sampled_from(names), ANYTHING, max_size=2)
    return st.builds(lambda some, known: {**some, **known}, free, st.fixed_dictionaries(fields))


def few(items):
    """Draw a list of up to three."""
    return st.lists(items, max_size=3)


RIGHT_KEYS = of_class(
    Lifecycle,
    id=WORDS,
    stages=few(
        WORDS
        | of_class(Stage, id=WORDS, entry=few(WORDS), presence_questions=few(of_class(Question, id=WORDS)))
    ),
    transitions=few(st.tuples(WORDS, WORDS | LEAVES) | of_class(Transition, source=WORDS, target=WORDS)),
    touchpoints=few(of_class(Touchpoint, id=WORDS | LEAVES, stages=WORDS | few(WORDS), after=few(WORDS))),
    activities=few(of_class(Activity, stage=WORDS, touchpoint=WORDS | LEAVES)),
    questions=few(of_class(Question, id=WORDS | LEAVES)),
    vocabularies=few(of_class(Vocabulary, id=WORDS | LEAVES, terms=few(WORDS | of_class(Term, id=WORDS)))),
    personas=few(
        of_class(
            Persona,
            id=WORDS,
            target_stage=WORDS | LEAVES,
            path=few(WORDS | of_class(Step, stage=WORDS | LEAVES, touchpoint=WORDS)),
        )
    ),
    bridges=few(of_class(Bridge, lifecycle=WORDS, stage=WORDS | LEAVES, target=WORDS)),
    scope=of_class(Scope, start=WORDS),
    names=st.fixed_dictionaries(
        {},
        optional={
            "touchpoints": st.dictionaries(WORDS, WORDS | few(WORDS) | ANYTHING),
            "stages": st.dictionaries(WORDS, WORDS | ANYTHING) | ANYTHING,
        },
    ),
)
LESS = st.fixed_dictionaries(
    {"extends": st.just("base") | WORDS | LEAVES},
    optional={
        "without": st.dictionaries(
            st.sampled_from(sorted(KEYS)) | WORDS, few(WORDS | st.tuples(WORDS, WORDS)) | ANYTHING
        )
        | ANYTHING
    },
)
VARIANTS = st.builds(
    lambda data, kept, less: {**{key: data[key] for key in kept if key in data}, **less},
    RIGHT_KEYS,
    st.sets(st.sampled_from([field.name for field in attrs.fields(Lifecycle)]), min_size=3),
    LESS,
)
SOME_KEYS = st.dictionaries(st.sampled_from([field.name for field in attrs.fields(Lifecycle)]), ANYTHING)


@given(RIGHT_KEYS | SOME_KEYS)
def test_data_are_read_or_refused(data):
    """A rule that stumbles over what another rule reports would hide both behind a traceback."""
    with contextlib.suppress(LifecycleError):
        assert from_dict(data).stage_ids


@given(VARIANTS, full_lifecycles())
def test_variants_of_anything_are_read_or_refused(data, base):
    """Laying half a mistake over a good plan must not make a traceback of it."""
    with contextlib.suppress(LifecycleError):
        variant = from_dict(data, bases=[attrs.evolve(base, id="base", variant_of=(), bridges=())])
        assert variant.variant_of == ("base",)


@given(st.text() | st.text("[]{}:,-?*&!|>%@`\"'# \n\tab1.", max_size=40))
def test_text_is_read_or_refused(text):
    """`journeykit check` is pointed at every kind of file."""
    for read in (from_yaml, from_json):
        with contextlib.suppress(LifecycleError):
            assert read(text).stage_ids
