"""Whatever data come, the answer is a lifecycle or a `LifecycleError`: never another exception."""

from __future__ import annotations

import contextlib

import attrs
from hypothesis import given
from hypothesis import strategies as st

from journeykit.errors import LifecycleError
from journeykit.model import Activity, Lifecycle, Names, Question, Scope, Stage, Touchpoint, Transition
from journeykit.model.codec import from_dict, from_json, from_yaml

WORDS = st.sampled_from(
    ["visit", "trial", "?", "", "a/b", "visit/call", "call", "goal", "30 days", "da", "dk"]
) | st.text(max_size=3)
PARTS = [Lifecycle, Stage, Touchpoint, Transition, Activity, Question, Scope, Names]
KEYS = st.sampled_from(sorted({field.name for cls in PARTS for field in attrs.fields(cls)} | {"da", "dk"}))
LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | WORDS
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | WORDS, inner, max_size=3),
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
    scope=of_class(Scope, start=WORDS),
    names=st.fixed_dictionaries(
        {},
        optional={
            "touchpoints": st.dictionaries(WORDS, WORDS | few(WORDS) | ANYTHING),
            "stages": st.dictionaries(WORDS, WORDS | ANYTHING) | ANYTHING,
        },
    ),
)
SOME_KEYS = st.dictionaries(st.sampled_from([field.name for field in attrs.fields(Lifecycle)]), ANYTHING)


@given(RIGHT_KEYS | SOME_KEYS)
def test_data_are_read_or_refused(data):
    """A rule that stumbles over what another rule reports would hide both behind a traceback."""
    with contextlib.suppress(LifecycleError):
        assert from_dict(data).stage_ids


@given(st.text() | st.text("[]{}:,-?*&!|>%@`\"'# \n\tab1.", max_size=40))
def test_text_is_read_or_refused(text):
    """`journeykit check` is pointed at every kind of file."""
    for read in (from_yaml, from_json):
        with contextlib.suppress(LifecycleError):
            assert read(text).stage_ids
