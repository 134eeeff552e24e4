"""Answers as typed rows, as frames and in a notebook."""

from __future__ import annotations

import copy
import pickle
import sys

import attrs
import pandas as pd
import polars as pl
import polars.testing
import pyarrow as pa
import pytest

from journeykit import Definition, MissingDependencyError, Result
from journeykit.result import SHOWN_ROWS, shown


@attrs.frozen(kw_only=True)
class Row:
    """A row such as a question gives."""

    stage: str
    visits: int
    share: float | None
    group: object = None


WHOLE = Definition(question="drop_offs", unit="a stage", lifecycle="trial")
SPLIT = attrs.evolve(WHOLE, by="tier")
ROWS = (Row(stage="visit", visits=3, share=None), Row(stage="trial", visits=2, share=0.5))


def answer(*rows, definition=WHOLE):
    """Make a result of rows."""
    return Result(rows, definition, row_type=Row)


def test_a_result_is_a_sequence_of_its_rows():
    """It is looped over, indexed, sliced and searched like any tuple; a slice is one."""
    result = answer(*ROWS)

    assert (len(result), list(result), result[-1], result[:1], ROWS[1] in result, result.index(ROWS[1])) == (
        2, list(ROWS), ROWS[1], ROWS[:1], True, 1,
    )  # fmt: skip
    with pytest.raises(IndexError):
        result[2]


def test_a_result_is_no_list():
    """An answer that can be changed is soon somebody else's answer."""
    result = answer(*ROWS)

    with pytest.raises(TypeError):
        result[0] = ROWS[1]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result[0].visits = 9
    with pytest.raises(AttributeError, match="'definition' can't be set"):
        result.definition = SPLIT


def test_results_are_equal_by_rows_and_definition_and_hash_alike():
    """The same numbers by another definition are another answer; a list of the rows is none."""
    one, other = answer(*ROWS), answer(*ROWS)

    assert (one == other, hash(one) == hash(other), len({one, other})) == (True, True, 1)
    others = (answer(*ROWS[:1]), answer(*ROWS, definition=SPLIT), list(ROWS))
    assert [one == different for different in others] == [False, False, False]


def test_a_result_survives_pickling_and_copying():
    """Answers are cached on disk and sent between processes."""
    result = answer(*ROWS)

    assert [pickle.loads(pickle.dumps(result)), copy.deepcopy(result)] == [result, result]


def test_group_is_a_column_only_where_it_was_asked_for():
    """A column of nothing makes people wonder what it was."""
    assert (answer(*ROWS).columns, answer(*ROWS, definition=SPLIT).columns) == (
        ("stage", "visits", "share"), ("stage", "visits", "share", "group"),
    )  # fmt: skip


def test_conversion_to_dicts_and_frames_keeps_names_order_and_what_is_unknown():
    """Whatever library comes next, a null is a null and not 0."""
    result = answer(*ROWS)

    dicts = [{"stage": "visit", "visits": 3, "share": None}, {"stage": "trial", "visits": 2, "share": 0.5}]
    assert result.to_dicts() == dicts
    assert result.to_arrow().equals(
        pa.table({"stage": ["visit", "trial"], "visits": [3, 2], "share": [None, 0.5]})
    )
    pd.testing.assert_frame_equal(result.to_pandas(), pd.DataFrame(dicts))
    polars.testing.assert_frame_equal(result.to_polars(), pl.DataFrame(dicts))


def test_groups_of_any_type_are_converted():
    """Groups are numbers, dates, truths or text, and one of them is missing."""
    groups = (7, 10, None)
    result = answer(*(attrs.evolve(ROWS[0], group=group) for group in groups), definition=SPLIT)

    assert (
        [row["group"] for row in result.to_dicts()],
        result.to_arrow()["group"].to_pylist(),
        result.to_polars()["group"].to_list(),
        [None if pd.isna(group) else int(group) for group in result.to_pandas()["group"]],
    ) == (list(groups),) * 4


def test_a_column_known_only_late_is_converted():
    """Libraries guess a type from the first rows: a share that is null a hundred times is still a number."""
    result = answer(*[ROWS[0]] * 200, ROWS[1])

    assert (result.to_polars()["share"].sum(), result.to_arrow()["share"].to_pylist()[-1]) == (0.5, 0.5)


def test_an_empty_result_has_its_columns():
    """Nobody was lost: the frame is empty, and code that reads its columns still runs."""
    empty = answer()

    names = ["stage", "visits", "share"]
    frames = empty.to_pandas(), empty.to_polars(), empty.to_arrow()
    columns = [list(frames[0].columns), frames[1].columns, frames[2].column_names]
    assert (empty.to_dicts(), columns, [len(frame) for frame in frames]) == ([], [names] * 3, [0, 0, 0])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_library_that_is_not_installed_is_named_with_the_command_that_installs_it(monkeypatch, library):
    """Neither is needed to count; whoever asks for one should not have to guess."""
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(MissingDependencyError) as caught:
        getattr(answer(*ROWS), f"to_{library}")()

    assert caught.value.package == library
    assert str(caught.value).startswith(f"{library} is not installed. Run: pip install ")


def test_a_notebook_shows_a_table_with_hostile_names_as_text():
    """A touchpoint may be called anything, and a notebook runs scripts."""
    row = Row(stage="<script>alert('x')</script>", visits=3, share=0.123456, group='"&')

    assert answer(row, definition=attrs.evolve(SPLIT, unit="a <b>"))._repr_html_() == (
        "<table><caption>drop_offs: 1 rows, each a &lt;b&gt;</caption>"
        "<tr><th>stage</th><th>visits</th><th>share</th><th>group</th></tr>"
        "<tr><td>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;</td><td>3</td><td>0.1235</td><td>&quot;&amp;</td></tr>"
        "</table>"
    )


def test_a_long_result_is_cut_when_shown_and_says_so():
    """Forty stages squared would fill the screen of whoever only wanted a look."""
    result = answer(*[ROWS[1]] * (SHOWN_ROWS + 5))

    lines = repr(result).splitlines()
    assert (len(lines), lines[0], lines[1], lines[-1], result._repr_html_().count("<td>trial</td>")) == (
        SHOWN_ROWS + 2,
        "drop_offs: 65 rows",
        "  Row(stage='trial', visits=2, share=0.5, group=None)",
        "  ... and 5 more",
        SHOWN_ROWS,
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (0.0, "0"), (1 / 3, "0.3333"), (12345.6, "1.235e+04"), (3, "3"), (True, "True"), ("", "")],
)
def test_a_cell_is_written_for_a_person(value, text):
    """Nothing for what is not known, and no digits that mean nothing."""
    assert shown(value) == text
