"""Names that CRM systems use for the stages of b2b-seven-phase: their defaults, all of them."""

from __future__ import annotations

import pytest

import journeykit as jk

HUBSPOT_LIFECYCLE = {
    "subscriber": "Subscriber",
    "lead": "Lead",
    "marketingqualifiedlead": "Marketing Qualified Lead",
    "salesqualifiedlead": "Sales Qualified Lead",
    "opportunity": "Opportunity",
    "customer": "Customer",
    "evangelist": "Evangelist",
}
"""HubSpot's default lifecycle stages in order, internal names and labels; "other" means none."""

HUBSPOT_DEALS = {
    "appointmentscheduled": "Appointment Scheduled",
    "qualifiedtobuy": "Qualified To Buy",
    "presentationscheduled": "Presentation Scheduled",
    "decisionmakerboughtin": "Decision Maker Bought-In",
    "contractsent": "Contract Sent",
    "closedwon": "Closed Won",
    "closedlost": "Closed Lost",
}
"""The stages of HubSpot's default deal pipeline, in order."""

SALESFORCE_LEADS = (
    "Open - Not Contacted",
    "Working - Contacted",
    "Closed - Converted",
    "Closed - Not Converted",
)
"""Salesforce's default lead statuses, in order."""

SALESFORCE_OPPORTUNITIES = (
    "Prospecting",
    "Qualification",
    "Needs Analysis",
    "Value Proposition",
    "Id. Decision Makers",
    "Perception Analysis",
    "Proposal/Price Quote",
    "Negotiation/Review",
    "Closed Won",
    "Closed Lost",
)
"""Salesforce's default opportunity stages, in order."""


@pytest.fixture
def mapped(b2b):
    """The names of a system, to what they mean."""
    shipped = jk.make_manager(entry_points=False)
    return lambda system: dict(jk.map_system(b2b, system, manager=shipped).names.stages)


def test_the_seven_lifecycle_stages_of_hubspot_are_the_seven_phases(mapped, b2b):
    """One each, in order, so that a contact's history keeps all it says."""
    meant = [mapped("hubspot")[name] for name in HUBSPOT_LIFECYCLE]

    assert meant == list(b2b.stage_ids[:7])


def test_every_default_of_hubspot_is_known_by_both_its_names(mapped):
    """Interfaces write the internal name, people's exports the label."""
    names = mapped("hubspot")
    both = {**HUBSPOT_LIFECYCLE, **HUBSPOT_DEALS}

    assert set(names) == {*both, *both.values()}
    assert {names[internal] == names[label] for internal, label in both.items()} == {True}
    assert "other" not in names


def test_every_default_of_salesforce_is_known(mapped):
    """A log of the defaults has no unmapped stage."""
    assert set(mapped("salesforce")) == {*SALESFORCE_LEADS, *SALESFORCE_OPPORTUNITIES}


@pytest.mark.parametrize(
    ("system", "names"),
    [
        ("hubspot", tuple(HUBSPOT_LIFECYCLE)),
        ("hubspot", tuple(HUBSPOT_DEALS)[:-1]),
        ("salesforce", SALESFORCE_LEADS[:-1]),
        ("salesforce", (*SALESFORCE_LEADS[:-1], *SALESFORCE_OPPORTUNITIES[:-1])),
    ],
)
def test_a_deal_that_goes_well_never_falls_back(system, names, mapped, b2b):
    """A pair out of order would show every deal as a regression, a converted lead among them."""
    ranks = [b2b.rank(mapped(system)[name]) for name in names]

    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("system", "name"),
    [("hubspot", "closedlost"), ("salesforce", "Closed Lost"), ("salesforce", "Closed - Not Converted")],
)
def test_what_is_lost_in_the_crm_is_out(system, name, mapped):
    """Otherwise a lost deal would count as silent, months later."""
    assert mapped(system)[name] == "churned"
