"""What holds of every variant of every lifecycle."""

from __future__ import annotations

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.model.codec.drawing import full_lifecycles

from journeykit.model import Lifecycle
from journeykit.model.codec import from_dict, from_yaml, to_dict, to_yaml
from journeykit.model.codec.items import KEYS

OURS = {"id": "our variant of it", "extends": "base"}


@st.composite
def bases(draw):
    """Draw a lifecycle that can be extended under the id "base"."""
    drawn = draw(full_lifecycles())
    stages = [attrs.evolve(stage, part_of=()) for stage in drawn.stages]
    return attrs.evolve(drawn, id="base", variant_of=(), stages=stages, bridges=())


@st.composite
def variants(draw, base):
    """Draw what a variant of a base says: some of the items and fields of the base, and new ones."""
    said = to_dict(base)
    kept = draw(st.sets(st.sampled_from(sorted(said))))
    variant = {field: value for field, value in said.items() if field in kept and field not in KEYS}
    for field in sorted(KEYS.keys() & kept):
        chosen = draw(st.lists(st.sampled_from(range(len(said[field]))), unique=True))
        variant[field] = [said[field][place] for place in chosen]
    new = draw(st.lists(st.sampled_from(["new 1", "new 2", "new 3"]), unique=True))
    spots = [(name, draw(st.integers(0, 4))) for name in new if name not in base.stage_ids]
    if all(stage.rank is None for stage in base.stages):
        stages = variant.get("stages", [])
        for name, spot in spots:
            stages.insert(min(spot, len(stages)), name)
        variant |= {"stages": stages} if stages else {}
    owner = draw(st.sampled_from([{}, {"owner": "Kim"}, {"owner": None}]))
    return {**variant, **owner, **OURS}


@given(bases())
def test_extending_with_nothing_is_the_base_under_another_id(base):
    """A variant is the base, but for what it says."""
    assert from_dict(OURS, bases=[base]) == attrs.evolve(base, id=OURS["id"], variant_of="base")


@given(bases())
def test_extending_with_everything_changes_nothing_either(base):
    """To repeat what the base says is to say nothing."""
    whole = {name: value for name, value in to_dict(base).items() if name != "id"}

    assert from_dict({**whole, **OURS}, bases=[base]) == from_dict(OURS, bases=[base])


@given(st.data())
def test_extending_twice_is_extending_once(data):
    """What a variant says is a state, not a step: said again, it holds already."""
    base = data.draw(bases())
    variant = data.draw(variants(base))

    once = from_dict(variant, bases=[base])
    twice = from_dict(variant, bases=[attrs.evolve(once, id="base", variant_of=())])

    assert twice == once


@given(st.data())
def test_the_order_of_keys_changes_nothing(data):
    """An editor that sorts keys must not change a plan."""
    base = data.draw(bases())
    variant = data.draw(variants(base))

    shuffled = {field: variant[field] for field in data.draw(st.permutations(sorted(variant)))}

    assert from_dict(shuffled, bases=[base]) == from_dict(variant, bases=[base])


@given(st.data())
def test_what_the_variant_is_silent_about_is_as_in_the_base(data):
    """Whoever reads only the variant can trust the base for the rest."""
    base = data.draw(bases())
    variant = data.draw(variants(base))

    found = from_dict(variant, bases=[base])

    silent = [field.name for field in attrs.fields(Lifecycle) if field.name not in {*variant, "variant_of"}]
    assert [getattr(found, name) for name in silent] == [getattr(base, name) for name in silent]
    assert [name for name in found.stage_ids if name in base.stage_ids] == list(base.stage_ids)


@given(st.data())
def test_a_base_without_a_stage_says_nothing_of_it(data):
    """Whatever spoke of the stage goes with it, so that what is left is a good plan."""
    base = data.draw(bases())
    gone = data.draw(st.sampled_from(base.stage_ids))
    others = [stage for stage in base.stages if stage.id != gone]
    variant = {**OURS, "without": {"stages": gone}, **({} if others else {"stages": ["instead"]})}

    found = from_dict(variant, bases=[base])

    assert found.stage_ids == tuple(stage.id for stage in others) or ("instead",)
    assert [gone in each.stages for each in found.touchpoints] == [False] * len(found.touchpoints)
    assert from_yaml(to_yaml(found)) == found


@given(st.data())
def test_a_base_without_a_touchpoint_says_nothing_of_it(data):
    """As with a stage."""
    base = data.draw(bases().filter(lambda drawn: drawn.touchpoints))
    gone = data.draw(st.sampled_from(base.touchpoint_ids))

    found = from_dict({**OURS, "without": {"touchpoints": [gone]}}, bases=[base])

    assert found.touchpoint_ids == tuple(name for name in base.touchpoint_ids if name != gone)
    assert [stage.id for stage in found.stages if gone in stage.entry] == []
