"""Leave out of a base what a variant goes without, and all that the base says of it.

What the variant itself says of something it leaves out is not touched: that is a
mistake, which the rules of a lifecycle find.

May import: codec.items, names, persona, places, problem, values, errors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from journeykit.errors import listed, nearest
from journeykit.model.codec.items import KEYS, Key, Plain, key_of, spelled_out
from journeykit.model.names import each_target, split_target
from journeykit.model.persona import step_of
from journeykit.model.places import SINGULAR
from journeykit.model.problem import Path, Problem, first
from journeykit.model.values import brief, misspelt

Gone: TypeAlias = Mapping[str, Collection[Key | None]]
"""The keys of the items that are left out, by the list they stand in."""


def pruned(base: Plain, variant: Mapping[str, Any]) -> tuple[Plain, list[Problem]]:
    """Leave out of a base what a variant goes without.

    Args:
        base: The plain data of a good lifecycle.
        variant: The plain data of the variant.

    Returns:
        What is left of the base, every item as a mapping, and what is wrong with the variant's
        "without".
    """
    whole = {
        **base,
        **{field: [spelled_out(field, item) for item in base[field]] for field in KEYS if field in base},
    }
    if "without" not in variant:
        return whole, []
    known = {field: {key_of(field, item) for item in whole.get(field, ())} - {None} for field in KEYS}
    asked = [*_asked(variant["without"])]
    gone = {field: {_key(field, item) for name, _, item in asked if name == field} for field in KEYS}
    return _left(whole, gone, _replaced(variant.get("touchpoints"))), [*first(_wrong(asked, known))]


def _replaced(touchpoints: object) -> set[str]:
    """Find the touchpoints that a variant gives stages of its own."""
    return {
        item["id"]
        for item in (touchpoints if isinstance(touchpoints, list | tuple) else ())
        if isinstance(item, Mapping) and "stages" in item and isinstance(item.get("id"), str)
    }


def _asked(without: object) -> Iterator[tuple[str, Path, object]]:
    """Yield what is to go: its list, its place, and what names it."""
    if not isinstance(without, Mapping):
        yield "", ("without",), without
        return
    for field, given in without.items():
        if isinstance(given, list | tuple):
            yield from ((field, ("without", field, place), item) for place, item in enumerate(given))
        else:
            yield field, ("without", field), given


def _wrong(
    asked: Sequence[tuple[str, Path, object]], known: Mapping[str, Collection[Any]]
) -> Iterator[Problem]:
    """Find what names nothing that the base has."""
    for field, path, item in asked:
        if path == ("without",):
            clause = f"must be a mapping with some of {listed(KEYS)}, not {brief(item)}"
        elif field not in KEYS:
            clause = _unknown("field", field, KEYS)
        elif (key := _key(field, item)) is None:
            named_by = "their id" if len(KEYS[field]) == 1 else f"a pair [{', '.join(KEYS[field])}]"
            clause = f"{field} are named by {named_by}, not {brief(item)}"
        elif key not in known[field]:
            clause = _missing(field, key, known[field])
        else:
            continue
        yield Problem(f"without: {clause}", path)


def _key(field: str, item: object) -> Key | None:
    several = (item,) if isinstance(item, str) else item
    if not isinstance(several, list | tuple) or len(several) != len(KEYS[field]):
        return None
    return tuple(several) if all(isinstance(each, str) for each in several) else None


def _missing(field: str, key: Key, known: Collection[Any]) -> str:
    """Say that the base has no such item, and name the nearest."""
    kind = SINGULAR[field]
    if len(key) == 1:
        return _unknown(kind, key[0], sorted(each for (each,) in known))
    near = next((pair for pair in sorted(known) if all(map(_is_near, key, pair))), None)
    hint = f". Did you mean {_arrow(near)}?" if near else ""
    return f"no {kind} {_arrow(key)}{hint}"


def _is_near(name: str, known: str) -> bool:
    return nearest(name, [known]) is not None


def _arrow(pair: Key) -> str:
    return " -> ".join(map(repr, pair))


def _unknown(kind: str, name: str, known: Collection[str]) -> str:
    """Say that nothing has this name, with the nearest that has, or all where none is near."""
    clause = misspelt(kind, name, known)
    return clause if "Did you mean" in clause or not known else f"{clause} (there are {listed(known)})"


def _left(base: Plain, gone: Gone, replaced: Collection[str]) -> Plain:
    """Leave out what is to go, and what the base says of it."""
    kept = {
        field: [item for item in base[field] if key_of(field, item) not in gone[field]]
        for field in KEYS
        if field in base
    }
    stages = _ids(gone["stages"])
    placed = [
        {**item, "stages": [stage for stage in item["stages"] if stage not in stages]}
        for item in kept.get("touchpoints", ())
    ]
    homeless = {item["id"] for item in placed if not item["stages"]} - set(replaced)
    touchpoints = homeless | _ids(gone["touchpoints"])
    homes = {item["id"]: set(item["stages"]) for item in placed if item["id"] not in homeless}
    left = {
        "touchpoints": [_in_order(item, homes) for item in placed if item["id"] in homes],
        "stages": [_without_entries(item, touchpoints) for item in kept["stages"]],
        "personas": [_rerouted(item, stages, touchpoints) for item in kept.get("personas", ())],
        "transitions": [
            item for item in kept.get("transitions", ()) if not {item["source"], item["target"]} & stages
        ],
        "activities": [item for item in kept.get("activities", ()) if item["stage"] not in stages],
        "bridges": [item for item in kept.get("bridges", ()) if item["stage"] not in stages],
        "names": _still_meant(base.get("names", {}), stages, touchpoints),
    }
    return {**base, **kept, **{field: items for field, items in left.items() if field in base}}


def _ids(keys: Collection[Key | None]) -> set[str]:
    return {key[0] for key in keys if key}


def _in_order(touchpoint: Plain, homes: Mapping[str, Collection[str]]) -> Plain:
    """Let a touchpoint come after those only that are left in one of its stages."""
    own = set(touchpoint["stages"])
    after = [
        name
        for name in touchpoint.get("after", ())
        if name in homes and (own.intersection(homes[name]) or not own or not homes[name])
    ]
    return {**touchpoint, "after": after} if "after" in touchpoint else touchpoint


def _without_entries(stage: Plain, touchpoints: Collection[str]) -> Plain:
    if "entry" not in stage:
        return stage
    return {**stage, "entry": [name for name in stage["entry"] if name not in touchpoints]}


def _rerouted(persona: Plain, stages: Collection[str], touchpoints: Collection[str]) -> Plain:
    """Take out of a persona's path, and of its target, what is gone."""
    left = {**persona, "path": [*_possible(persona.get("path", ()), stages, touchpoints)]}
    if persona.get("target_stage") in stages:
        del left["target_stage"]
    return left


def _possible(path: Collection[Any], stages: Collection[str], touchpoints: Collection[str]) -> Iterator[Any]:
    for step in path:
        place = step_of(step) if isinstance(step, str) else None
        stage = place.stage if place else step["stage"]
        touchpoint = place.touchpoint if place else step["touchpoint"]
        if stage not in stages and touchpoint not in touchpoints:
            yield step


def _still_meant(names: Mapping[str, Any], stages: Collection[str], touchpoints: Collection[str]) -> Plain:
    """Keep the names of a CRM that still mean something."""
    left: Plain = dict(names)
    if "stages" in names:
        left["stages"] = {name: stage for name, stage in names["stages"].items() if stage not in stages}
    if "touchpoints" in names:
        left["touchpoints"] = {}
        for name, target in names["touchpoints"].items():
            places = [
                place
                for place in each_target(target)
                if split_target(place)[0] not in stages and split_target(place)[1] not in touchpoints
            ]
            if places:
                left["touchpoints"][name] = target if isinstance(target, str) else places
    return left
