"""The names of systems that ship, read and fitted to a lifecycle."""

from __future__ import annotations

from importlib import resources

import pytest

import journeykit as jk
from journeykit import builtin
from journeykit.builtin import journeykit_touchpoints
from journeykit.builtin.naming import read_names, without_strangers
from journeykit.errors import JourneykitError

FILES = sorted(
    file.name for file in resources.files(builtin).joinpath("names").iterdir() if file.name.endswith(".yaml")
)


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_names_means_what_its_lifecycle_has(name):
    """A name that means nothing would be left out in silence, as if a variant had left its stage out."""
    system, _, plan = name.removesuffix(".yaml").partition(".")
    lifecycle = jk.lifecycle(plan)
    names = read_names(resources.files(builtin).joinpath("names", name).read_text("utf-8"))

    mapped = jk.map_system(lifecycle, system)

    assert without_strangers(names, lifecycle) == names
    assert set(dict(names.stages)) <= set(mapped.stage_names)
    assert set(dict(names.touchpoints)) <= set(mapped.touchpoint_names)


def test_a_variant_keeps_the_names_of_what_it_keeps():
    """Whoever leaves a stage out still calls the others as before."""
    base = jk.lifecycle("b2b-seven-phase")
    stages = tuple(stage for stage in base.stages if stage.id in {"trigger", "churned"})
    variant = jk.Lifecycle("ours", stages, variant_of="b2b-seven-phase")

    names = dict(journeykit_touchpoints(variant)["hubspot"].stages)

    assert set(names.values()) == {"trigger", "churned"}
    assert jk.map_system(variant, "hubspot").stage_names["lead"] == "trigger"


def test_a_name_keeps_the_places_that_remain():
    """Whoever has no onboarding still gets invoices; without the name, who pays would fall silent."""
    base = jk.lifecycle("saas-freemium")
    variant = jk.Lifecycle.from_yaml(
        "{id: ours, extends: saas-freemium, without: {stages: [delivery, implementation]}}"
    )

    before = jk.map_system(base, "stripe").touchpoint_names
    after = jk.map_system(variant, "stripe").touchpoint_names

    types = [name for name in before if "." in name]
    lost = {name: {*before[name][1]} - {*after[name][1]} for name in types}
    assert types == [name for name in after if "." in name]
    assert {name for name, stages in lost.items() if stages == {"delivery", "implementation"}} == {
        "checkout.session.completed",
        "checkout.session.expired",
        "customer.subscription.resumed",
        "customer.subscription.updated",
        "invoice.paid",
    }


def test_a_lifecycle_that_nobody_has_names_for_has_none():
    """A stage of one's own may be called as one of ours, and mean something else."""
    assert journeykit_touchpoints(jk.Lifecycle("ours", ["trigger"])) == {}


@pytest.mark.parametrize(
    ("target", "is_kept"),
    [
        ("page", True),
        ("nowhere", False),
        ("visit/new", True),
        ("lost/page", False),
        (["visit/a", "paid/a"], True),
        (["visit/a", "lost/a"], True),
        (["lost/a", "gone/a"], False),
    ],
)
def test_a_name_is_kept_where_the_lifecycle_has_what_it_means(target, is_kept):
    """A place that names its stage may bring a touchpoint of its own, as `Lifecycle.map` has it."""
    lifecycle = jk.Lifecycle("ours", ["visit", "paid"], touchpoints={"page": "visit"})

    kept = without_strangers(jk.Names(touchpoints={"P": target}), lifecycle)

    assert bool(kept.touchpoints) == is_kept
    if is_kept:
        assert "P" in lifecycle.map(touchpoints=dict(kept.touchpoints)).touchpoint_names
    else:
        with pytest.raises(JourneykitError):
            lifecycle.map(touchpoints={"P": target})
