"""A file that no lifecycle fills is refused before it costs anything."""

from __future__ import annotations

import contextlib
import io
import time
import tracemalloc

import pytest

from journeykit.errors import LifecycleError
from journeykit.model import Lifecycle
from journeykit.model.codec import from_dict, from_json, from_yaml, read_lifecycle
from journeykit.model.codec.files import LARGEST, file_text
from journeykit.model.problem import MOST

MEGABYTE = 1_000_000


def problems(read, *given, **options) -> tuple[str, ...]:
    """Read what is refused, and return what it says."""
    with pytest.raises(LifecycleError) as raised:
        read(*given, **options)
    return raised.value.problems


@pytest.mark.parametrize("name", ["big.yaml", "big.json"])
def test_a_file_of_50_megabytes_is_refused_by_its_size(tmp_path, name):
    """Somebody points at an export instead of a plan: the answer is one sentence, at once."""
    file = tmp_path / name
    with file.open("wb") as opened:
        opened.truncate(50 * MEGABYTE)
    tracemalloc.start()
    begun = time.perf_counter()

    found = problems(read_lifecycle, file)

    took = time.perf_counter() - begun
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == ("has 50,000,000 bytes; a lifecycle has at most 2,000,000",)
    assert took < 1
    assert most < 10 * MEGABYTE


def test_a_large_base_is_refused_as_well(tmp_path):
    """What a file extends is read, too."""
    with (tmp_path / "base.yaml").open("wb") as opened:
        opened.truncate(LARGEST + 1)
    file = tmp_path / "ours.yaml"
    file.write_text("id: ours\nextends: base\n", encoding="utf-8")

    assert problems(read_lifecycle, file) == (
        "line 2: extends: base.yaml: has 2,000,001 bytes; a lifecycle has at most 2,000,000",
    )


def test_a_file_without_end_is_read_no_further(tmp_path):
    """A pipe, or /dev/zero, has no size to ask for."""

    class Endless(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = b"#" * len(buffer)
            return len(buffer)

    class EndlessFile:
        name = "endless.yaml"

        def open(self, _):
            return io.BufferedReader(Endless())

        def __str__(self):
            return self.name

    assert problems(file_text, EndlessFile()) == (
        "has more than 2,000,000 bytes; a lifecycle has at most 2,000,000",
    )


@pytest.mark.parametrize("read", [from_yaml, from_json])
def test_a_text_is_refused_by_its_length(read):
    """A web form posts text, not a file."""
    assert problems(read, "x" * (LARGEST + 1)) == (
        "has 2,000,001 characters; a lifecycle has at most 2,000,000",
    )


def test_the_largest_text_is_read():
    """The limit is the first size that is refused, not the last that is allowed."""
    text = "id: acme\nstages: [visit]\n"

    assert from_yaml(text + "#" * (LARGEST - len(text))) == Lifecycle("acme", ["visit"])


@pytest.mark.parametrize(
    "text",
    [
        "id: " + "[" * 100_000,
        "id: " + "{a: " * 50_000,
        "id:" + "".join(f"\n{' ' * depth}-" for depth in range(1, 900)),
        "".join(f"{' ' * depth}a:\n" for depth in range(900)),
    ],
    ids=["lists", "mappings", "indented lists", "indented mappings"],
)
def test_deeply_nested_yaml_is_refused(text):
    """A parser that recurses takes Python down with it."""
    (found,) = problems(from_yaml, text)

    assert found.endswith(": is nested too deeply")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"id": ' + "[" * 900 + "]" * 900 + "}"])
def test_deeply_nested_json_is_refused(text):
    """As in YAML; and what Python can still read is no id."""
    (found, *_) = problems(from_json, text)

    assert found == "is nested too deeply" or found.startswith("has no 'stages'")


def test_deeply_nested_data_are_refused():
    """A dictionary from elsewhere may be anything, itself included."""
    inside: list[object] = []
    inside.append(inside)

    assert problems(from_dict, {"id": "acme", "stages": ["visit"], "owner": inside}) == (
        "owner: must be text, not [[[[[[[...]]]]]]]",
    )


def test_a_billion_laughs_are_not_laughed():
    """Nine aliases of nine aliases of ... would be a billion words; none is read."""
    lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    begun = time.perf_counter()

    found = problems(from_yaml, "\n".join([*lines, "id: *i"]))

    assert found[0] == "line 2: an alias (*a) is not read: write out what it stands for"
    assert len(found) == 8 * 9 + 1
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [ls]",
        "!!python/name:os.system",
        "!!python/object/new:subprocess.Popen [[ls]]",
        "!!binary aWQ=",
        "!!set {a, b}",
        "!!str acme",
        "!ours acme",
        "!include /etc/passwd",
    ],
)
def test_tags_are_refused(value):
    """A file of someone else's is data; it names no code, no class and no other file."""
    (found, *_) = problems(from_yaml, f"id: {value}\nstages: [visit]")

    assert found.startswith("line 1: a tag (")


def test_a_merge_key_is_a_key_like_any_other():
    """YAML's own inheritance would hide what a file says; `extends` says it."""
    assert problems(from_yaml, "id: acme\nstages: [visit]\n<<: {owner: Kim}")[0].startswith(
        "line 3: no field named '<<'"
    )


def test_a_table_in_the_wrong_place_does_not_fill_the_screen():
    """Of ten thousand mistakes of one kind, the first hundred are enough to see which."""
    rows = "\n".join(f"- [visit_{number}, trial_{number}]" for number in range(10_000))
    begun = time.perf_counter()

    found = problems(from_yaml, f"id: acme\nstages: [visit]\ntransitions:\n{rows}")

    assert len(found) == MOST
    assert (
        found[0]
        == "line 4: transition 'visit_0' -> 'trial_0': no stage named 'visit_0'. Did you mean 'visit'?"
    )
    assert found[-1].endswith("; and so on")
    assert time.perf_counter() - begun < 10


def test_a_hundred_mistakes_are_all_listed():
    """Nobody mends a plan twice."""
    stages = [f"stage {number}" for number in range(50)]
    data = {"id": "acme", "stages": stages, "transitions": [(stage, "x") for stage in stages * 2]}

    found = problems(from_dict, data)

    assert len([each for each in found if "no stage named 'x'" in each]) == 100
    assert not found[-1].endswith("and so on")


@pytest.mark.parametrize(
    "rows",
    [
        "stages:\n" + "".join(f"- stage_{number}\n" for number in range(10_000)),
        "stages: [a]\ntouchpoints:\n"
        + "".join(f"- {{id: t{number}, stages: a}}\n" for number in range(10_000)),
        "stages: [a]\ntouchpoints:\n- id: t\n  stages: [a]\n  after:\n"
        + "".join(f"  - t{number}\n" for number in range(10_000)),
        "stages:\n"
        + "".join(f"- stage_{number}\n" for number in range(5_000))
        + "transitions:\n"
        + "".join(f"- [stage_{number}, stag_{number}]\n" for number in range(5_000)),
    ],
    ids=["stages", "touchpoints", "mentions", "misspelt stages"],
)
def test_reading_takes_time_in_proportion(rows):
    """A large file that is allowed must not take hours, and neither must finding what is wrong with it."""
    begun = time.perf_counter()

    with contextlib.suppress(LifecycleError):
        from_yaml(f"id: acme\n{rows}")

    assert time.perf_counter() - begun < 15


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("id: x\nstages: [" + "*a," * 10_000 + "]", "line 2: an alias (*a) is not read"),
        ("id: x\n" * 10_000, "line 101: key 'id' stands there twice"),
        ("id: x\nstages: [a]" + "".join(f"\nf{n:04}: 1" for n in range(9_999)), "line 102: no field named"),
    ],
    ids=["aliases", "keys", "fields"],
)
def test_of_many_mistakes_the_first_are_told(text, last):
    """Half a million sentences are no polite answer."""
    found = problems(from_yaml, text)

    assert len(found) == MOST
    assert found[-1].startswith(last)
    assert found[-1].endswith("; and so on")
