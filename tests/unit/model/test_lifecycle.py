"""A lifecycle is one value: built from short forms, equal by what it says, and able to answer for itself."""

from __future__ import annotations

import pickle
from datetime import timedelta

import attrs
import pytest

from journeykit.errors import UnknownNameError
from journeykit.model import Activity, Lifecycle, Question, Scope, Stage, Text, Touchpoint, Transition


def trial(**changes) -> Lifecycle:
    """The example of the design page."""
    return Lifecycle(
        "acme-trial",
        **{
            "stages": ["visit", "signup", "trial", Stage("paid", kind="goal"), Stage("lapsed", kind="exit")],
            "transitions": [
                ("visit", "signup"),
                ("signup", "trial"),
                ("trial", "paid"),
                ("trial", "lapsed"),
                ("paid", "lapsed"),
                ("lapsed", "trial"),
            ],
            "touchpoints": {
                "page_view": "visit",
                "account_created": "signup",
                "first_login": "trial",
                "invoice_paid": "paid",
                "cancelled": "lapsed",
                "support_call": ["paid", "trial"],
            },
            "idle": "30 days",
            **changes,
        },
    )


def test_short_forms_say_the_same_as_the_parts():
    """A lifecycle of one's own needs no file and no class."""
    spelled_out = Lifecycle(
        "acme-trial",
        (
            Stage("visit"),
            Stage("signup"),
            Stage("trial"),
            Stage("paid", kind="goal"),
            Stage("lapsed", kind="exit"),
        ),
        (
            Transition("visit", "signup"),
            Transition("signup", "trial"),
            Transition("trial", "paid"),
            Transition("trial", "lapsed"),
            Transition("paid", "lapsed"),
            Transition("lapsed", "trial"),
        ),
        (
            Touchpoint("page_view", stages=("visit",)),
            Touchpoint("account_created", stages=("signup",)),
            Touchpoint("first_login", stages=("trial",)),
            Touchpoint("invoice_paid", stages=("paid",)),
            Touchpoint("cancelled", stages=("lapsed",)),
            Touchpoint("support_call", stages=("paid", "trial")),
        ),
        idle=timedelta(days=30),
    )

    assert trial() == spelled_out
    assert hash(trial()) == hash(spelled_out)


def test_a_mapping_may_hold_touchpoints_themselves():
    """One touchpoint of many needs more said about it than its stage."""
    call = Touchpoint("call", stages="trial", channel="phone", weight=2)

    lifecycle = Lifecycle("acme", ["visit", "trial"], touchpoints={"page_view": "visit", "call": call})

    assert lifecycle.touchpoints == (Touchpoint("page_view", stages="visit"), call)


def test_texts_lists_and_durations_are_taken_as_people_write_them():
    """A lone item is a list of one, a string is English, "2 days" is a duration."""
    stage = Stage("trial", label={"da": "Prøve"}, needs="Peace", aliases="test", entry=["login"])
    touchpoint = Touchpoint(
        "login", stages="trial", response_within="2 days", pain_points=["Slow", {"sv": "Trög"}]
    )

    assert stage == Stage(
        "trial", label=Text(da="Prøve"), needs=(Text("Peace"),), aliases=("test",), entry=("login",)
    )
    assert touchpoint == Touchpoint(
        "login",
        stages=("trial",),
        response_within=timedelta(days=2),
        pain_points=(Text("Slow"), Text(sv="Trög")),
    )


def test_a_lifecycle_may_have_one_stage():
    """The smallest plan is still a plan."""
    lifecycle = Lifecycle("one", "only")

    assert (lifecycle.stage_ids, lifecycle.touchpoint_ids, lifecycle.idle) == (
        ("only",),
        (),
        timedelta(days=30),
    )


def test_nothing_in_a_lifecycle_can_be_changed():
    """A journey observed yesterday must mean today what it meant then."""
    lifecycle = trial()

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        lifecycle.idle = timedelta(1)
    with pytest.raises(TypeError):
        lifecycle.stage_names["new"] = "visit"
    with pytest.raises(TypeError):
        lifecycle.touchpoint_names["new"] = ("page_view", ("visit",))


def test_a_lifecycle_survives_pickling():
    """Spark workers and caches get it so, also after it was asked things."""
    lifecycle = trial().map(
        touchpoints={"Call": "trial/support_call", "Chat": ["paid/support_call", "trial/support_call"]}
    )
    asked = (lifecycle.touchpoint_names, lifecycle.rank("paid"), hash(lifecycle))

    copy = pickle.loads(pickle.dumps(lifecycle))

    assert copy == lifecycle
    assert (copy.touchpoint_names, copy.rank("paid"), hash(copy)) == asked


def test_values_show_what_was_said_about_them():
    """Two dozen empty fields would hide the two that matter."""
    assert [
        repr(trial()),
        repr(Stage("paid", kind="goal", label="Paid")),
        repr(Touchpoint("call", stages="trial")),
        repr(Transition("a", "b")),
        repr(Activity("a", "mail", effort=2)),
        repr(Question("q", text="Why?", consequence="Nobody knows")),
        repr(Scope(start="First visit")),
    ] == [
        "<Lifecycle 'acme-trial': 5 stages, 6 touchpoints, 6 transitions>",
        "Stage('paid', kind='goal', label=Text('Paid'))",
        "Touchpoint('call', stages=('trial',))",
        "Transition('a', 'b')",
        "Activity('a', 'mail', effort=2.0)",
        "Question('q', text=Text('Why?'), consequence=Text('Nobody knows'))",
        "Scope(start=Text('First visit'))",
    ]


def test_codes_are_places():
    """The engine counts integers; which stage 2 is must never be in doubt."""
    lifecycle = trial()

    assert lifecycle.stage_ids == ("visit", "signup", "trial", "paid", "lapsed")
    assert lifecycle.touchpoint_ids == (
        "page_view",
        "account_created",
        "first_login",
        "invoice_paid",
        "cancelled",
        "support_call",
    )


def test_a_shared_touchpoint_lists_its_stages_in_the_order_of_the_lifecycle():
    """Whoever resolves a shared touchpoint takes "the lowest-ranked of them" from this order."""
    assert trial().touchpoint_names["support_call"] == ("support_call", ("trial", "paid"))


def test_only_ids_are_spellings_until_names_are_mapped():
    """An alias is for people; a label in the data must not silently match."""
    lifecycle = Lifecycle(
        "acme", [Stage("trial", aliases="test", label="Trial")], touchpoints={"login": "trial"}
    )

    assert dict(lifecycle.stage_names) == {"trial": "trial"}
    assert dict(lifecycle.touchpoint_names) == {"login": ("login", ("trial",))}


def test_a_stage_knows_its_touchpoints():
    """The map draws a stage with its steps inside."""
    lifecycle = trial()

    assert [touchpoint.id for touchpoint in lifecycle.touchpoints_in("trial")] == [
        "first_login",
        "support_call",
    ]


def test_entry_touchpoints_begin_visits_where_a_stage_repeats():
    """A repurchase is a new visit, a second page view in the shop is not."""
    lifecycle = Lifecycle(
        "shop",
        [Stage("browse"), Stage("order", entry="paid")],
        [("browse", "order"), ("order", "order")],
        {"page": "browse", "paid": "order", "delivered": "order"},
    )

    assert [
        (stage, lifecycle.repeats(stage), lifecycle.entry_touchpoints(stage)) for stage in lifecycle.stage_ids
    ] == [
        ("browse", False, ()),
        ("order", True, ("paid",)),
    ]


def test_labels_fall_back_to_english_and_then_to_the_id():
    """A chart in Danish shows what Danish there is."""
    lifecycle = Lifecycle(
        "acme",
        [Stage("trigger", label={"en": "Trigger", "da": "Udløser"}), Stage("trial", label="Trial"), "paid"],
        touchpoints=[
            Touchpoint("login", stages="trial", label={"da": "Log ind"}),
            Touchpoint("paid", stages="paid"),
        ],
    )

    assert [
        lifecycle.label("trigger", "da"),
        lifecycle.label("trigger"),
        lifecycle.label("trial", "da"),
        lifecycle.label("paid", "da"),
        lifecycle.label("login", "da"),
        lifecycle.label("login"),
        lifecycle.label("trial/login", "da"),
    ] == ["Udløser", "Trigger", "Trial", "paid", "Log ind", "login", "Log ind"]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda plan: plan.stage("trail"),
            "no stage named 'trail' in lifecycle 'acme-trial'. Did you mean 'trial'?",
        ),
        (
            lambda plan: plan.rank("trail"),
            "no stage named 'trail' in lifecycle 'acme-trial'. Did you mean 'trial'?",
        ),
        (
            lambda plan: plan.onward("trail"),
            "no stage named 'trail' in lifecycle 'acme-trial'. Did you mean 'trial'?",
        ),
        (lambda plan: plan.declares("trail", "paid"), "no stage named 'trail' in lifecycle 'acme-trial'."),
        (lambda plan: plan.declares("paid", "trail"), "no stage named 'trail' in lifecycle 'acme-trial'."),
        (
            lambda plan: plan.transition_kind("trail", "paid"),
            "no stage named 'trail' in lifecycle 'acme-trial'.",
        ),
        (lambda plan: plan.touchpoints_in("trail"), "no stage named 'trail' in lifecycle 'acme-trial'."),
        (lambda plan: plan.repeats("trail"), "no stage named 'trail' in lifecycle 'acme-trial'."),
        (lambda plan: plan.entry_touchpoints("trail"), "no stage named 'trail' in lifecycle 'acme-trial'."),
        (lambda plan: plan.touchpoint("logn"), "no touchpoint named 'logn' in lifecycle 'acme-trial'."),
        (
            lambda plan: plan.label("paidd"),
            "no stage or touchpoint named 'paidd' in lifecycle 'acme-trial'. Did you mean 'paid'?",
        ),
        (lambda plan: plan.label("trail/first_login"), "no stage named 'trail' in lifecycle 'acme-trial'."),
        (lambda plan: plan.label("trial/logn"), "no touchpoint named 'logn' in lifecycle 'acme-trial'."),
        (lambda plan: plan.label("trial", "dk"), "no language named 'dk'. Known: en, da, sv, nb."),
    ],
)
def test_a_name_that_is_not_there_is_an_error(ask, message):
    """A typing error must not pass for a stage that nobody visited."""
    with pytest.raises(UnknownNameError) as raised:
        ask(trial())

    assert str(raised.value).startswith(message)


def test_the_graph_of_a_plan_is_a_plain_networkx_graph():
    """All of networkx works on it, so it must be nothing else."""
    import networkx as nx

    graph = trial().graph(touchpoints=False)

    assert type(graph) is nx.DiGraph
    assert set(graph.nodes) == {"visit", "signup", "trial", "paid", "lapsed"}
