"""What the package offers is whole, and journeykit finds it."""

import journeykit as jk


def test_the_plugin_keeps_every_promise(journeykit_conformance):
    """Every hook is called and every lifecycle is tried; a failure lists all that is lacking."""
    journeykit_conformance("telecom")


def test_journeykit_finds_the_lifecycles():
    """Whoever installs the package asks for them by these ids."""
    assert jk.lifecycle("telecom-prepaid").variant_of == ("telecom-postpaid",)


def test_prepaid_is_postpaid_without_contracts(manager):
    """What only a contract has must not be left behind in the variant."""
    prepaid = jk.lifecycle("telecom-prepaid", manager=manager)

    assert prepaid.stage_ids == ("looking", "activating", "using", "at_risk", "left")
    assert prepaid.transition_kind("looking", "activating") == "advance"
    assert prepaid.entry_touchpoints("using") == ("top_up",)
    assert not {"bill_paid", "contract_ended"} & set(prepaid.touchpoint_ids)


def test_only_our_lifecycles_get_our_names_and_rules(manager):
    """A call centre of a bank has other reasons."""
    ours = {each.id for each in manager.lifecycles.values() if "call_centre" in manager.names(each)}

    assert ours == {"telecom-postpaid", "telecom-prepaid"}
