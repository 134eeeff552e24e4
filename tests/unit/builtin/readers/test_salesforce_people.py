"""Salesforce's exports: whose each record is, what the CRM stores of it, and what was done with it."""

from __future__ import annotations

import pytest
from tests.crm_exports import counted, happened, paths, stored, table, write

import journeykit as jk

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

OPPORTUNITY_HISTORY = "Id OpportunityId StageName Amount CreatedById CreatedDate IsDeleted"
FIELD_HISTORY = "Id {}Id Field OldValue NewValue CreatedById CreatedDate IsDeleted"
LEAD_HISTORY = FIELD_HISTORY.format("Lead")
LEAD = (
    "Id Status CreatedDate IsDeleted IsConverted ConvertedOpportunityId ConvertedContactId "
    "ConvertedAccountId MasterRecordId"
)
OPPORTUNITY = "Id StageName CreatedDate AccountId IsDeleted"
TASK = "Id WhoId WhatId Type IsClosed ActivityDate CompletedDateTime CreatedDate CallType"


def opened(folder, **tables):
    """Write an export and open it."""
    return jk.events(write(folder, **tables), format="salesforce")


CONVERTED = {
    "Lead": table(
        LEAD,
        "00QA | Converted | 2024-01-01T08:00:00Z | false | true  | 006A | 003A | 001A |",
        "00QB | Open      | 2024-01-02T08:00:00Z | false | false |      |      |      |",
    ),
    "LeadHistory": table(
        LEAD_HISTORY,
        "017A | 00QA | Status | Open | Converted | 005A | 2024-01-05T08:00:00Z | false",
    ),
    "OpportunityHistory": table(
        OPPORTUNITY_HISTORY,
        "008A | 006A | Proposal | 1 | 005A | 2024-01-05T08:00:00Z | false",
        "008B | 006C | Proposal | 1 | 005A | 2024-01-09T08:00:00Z | false",
    ),
    "Opportunity": table(
        OPPORTUNITY,
        "006A | Closed Won | 2024-01-05T08:00:00Z | 001A | false",
        "006C | Proposal   | 2024-01-09T08:00:00Z | 001A | false",
    ),
}


@pytest.mark.parametrize(
    ("customer", "found", "now"),
    [
        (
            None,
            {
                "006A": ["Open", "Converted", "(Opportunity created)", "Proposal"],
                "006C": ["(Opportunity created)", "Proposal"],
                "00QB": ["Open"],
            },
            {"006A": "Closed Won", "006C": "Proposal", "00QB": "Open"},
        ),
        (
            "account",
            {
                "001A": [
                    *("Open", "Converted", "(Opportunity created)", "Proposal"),
                    "(Opportunity created)",
                ],
                "00QB": ["Open"],
            },
            {"001A": "Proposal", "00QB": "Open"},
        ),
        (
            "record",
            {
                "006A": ["(Opportunity created)", "Proposal"],
                "006C": ["(Opportunity created)", "Proposal"],
                "00QA": ["Open", "Converted"],
                "00QB": ["Open"],
            },
            {"006A": "Closed Won", "006C": "Proposal", "00QA": "Converted", "00QB": "Open"},
        ),
    ],
)
def test_a_lead_and_its_opportunity_are_one_customer(tmp_path, customer, found, now):
    """Who began as a lead and bought as an opportunity is one buyer; or the company is, or each for itself.

    The lead comes first where both changed at one second. Of an account's opportunities, the stored stage is
    that of the newest.
    """
    options = {"customer": customer} if customer else {}

    log = jk.events(write(tmp_path, **CONVERTED), format="salesforce", options=options)

    assert paths(log) == found
    assert stored(log) == now


def test_a_merged_lead_is_the_lead_it_was_merged_into(tmp_path):
    """Salesforce deletes what is merged: who asked twice is one customer, not one and a deleted one.

    00QA was merged into 00QB, that into 00QC, which became an opportunity; 00QD was deleted for good.
    """
    log = opened(
        tmp_path,
        Lead=table(
            LEAD,
            "00QA | Open      | 2024-01-01T08:00:00Z | true  | false |      |  |  | 00QB",
            "00QB | Working   | 2024-01-02T08:00:00Z | true  | false |      |  |  | 00QC",
            "00QC | Converted | 2024-01-03T08:00:00Z | false | true  | 006C |  |  |",
            "00QD | Junk      | 2024-01-04T08:00:00Z | true  | false |      |  |  |",
        ),
        LeadHistory=table(
            LEAD_HISTORY,
            "017A | 00QA | Status | Open | Contacted | 005A | 2024-01-01T09:00:00Z | true",
            "017B | 00QD | Status | Open | Junk      | 005A | 2024-01-04T09:00:00Z | true",
        ),
    )

    assert paths(log) == {"006C": ["Open", "Contacted", "Working", "Converted"]}
    assert counted(log) == {"used": 4, "deleted": 2}
    assert stored(log) == {"006C": "Converted"}


def test_an_account_that_was_merged_is_the_one_that_is_left(tmp_path):
    """Two cards of one firm are one customer; a contact's own firm comes before that of its lead."""
    folder = write(
        tmp_path,
        Account=table("Id Name Industry MasterRecordId", "001A | Acme | Food | 001B", "001B | ACME | Food |"),
        Contact=table("Id LastName AccountId", "003A | Ek | 001A"),
        Lead=table(LEAD, "00QA | Converted | 2024-01-01 | false | true | | 003A | 001Z |"),
        Task=table(
            "Id WhoId WhatId CompletedDateTime IsClosed",
            "00T1 | 003A |      | 2024-01-02T08:00:00Z | true",
            "00T2 |      | 001A | 2024-01-03T08:00:00Z | true",
        ),
    )

    log = jk.events(folder, format="salesforce", options={"customer": "account"})

    assert happened(log) == [
        ("001B", "2024-01-02 08:00:00", None, "Task"),
        ("001B", "2024-01-03 08:00:00", None, "Task"),
        ("001Z", "2024-01-01", None, "Lead created"),
    ]


def test_a_case_tells_how_the_customer_came(tmp_path):
    """Support is part of the journey, and the channel of its beginning is known."""
    log = opened(
        tmp_path,
        Case=table(
            "Id CaseNumber Status Origin ContactId CreatedDate",
            "500A | 17 | Closed | Phone | 003A | 2024-01-01T08:00:00Z",
        ),
        CaseHistory=table(
            FIELD_HISTORY.format("Case"),
            "017A | 500A | Status | New | Closed | 005A | 2024-01-02T08:00:00Z | false",
        ),
    )

    assert happened(log, "channel", "contact") == [
        ("500A", "2024-01-01 08:00:00", "New", "Case created", "Phone", "003A"),
        ("500A", "2024-01-02 08:00:00", "Closed", None, None, None),
    ]
    assert stored(log) == {"500A": "Closed"}


def test_columns_of_the_records_are_customers_attributes(tmp_path):
    """To compare segments is why people have them; of hundreds of columns, the caller names some."""
    folder = write(
        tmp_path,
        Opportunity=table("Id StageName CreatedDate Type Region__c", "006A | Won | 2024-01-01 | New | North"),
    )

    log = jk.events(folder, format="salesforce", options={"attributes": "Region__c"})

    assert log.customer_columns == ("Region__c", "type", "stored_stage", "object")
    assert log.rows_of(log.customers.select("Region__c", "type", "object")) == [
        {"Region__c": "North", "type": "New", "object": "opportunity"}
    ]


def test_an_attribute_that_has_a_name_of_ours_is_refused(tmp_path):
    """Two columns of one name would be one too many for the engine."""
    folder = write(tmp_path, **CONVERTED)

    with pytest.raises(jk.EventLogError) as caught:
        jk.events(folder, format="salesforce", options={"attributes": "Object"})
    assert str(caught.value) == "options: attributes='Object' is a name that customers have already"


def test_deleted_records_are_set_aside_unless_somebody_wants_them(tmp_path):
    """The history of a deleted record does not say that it is deleted; the record does."""
    tables = {
        "Opportunity": table(OPPORTUNITY, "006A | Proposal | 2024-01-01T08:00:00Z | 001A | true"),
        "OpportunityHistory": table(
            OPPORTUNITY_HISTORY,
            "008A | 006A | Proposal | 1 | 005A | 2024-01-01T08:00:00Z | false",
            "008B | 006B | Proposal | 1 | 005A | 2024-01-01T08:00:00Z | TRUE",
            "008C | 006C | Proposal | 1 | 005A | 2024-01-01T08:00:00Z | FALSE",
        ),
    }
    folder = write(tmp_path, **tables)

    log, whole = (
        jk.events(folder, format="salesforce", options=options) for options in ({}, {"deleted": "keep"})
    )

    assert counted(log) == {"used": 1, "deleted": 3}
    assert stored(log) == {}
    assert counted(whole) == {"used": 4}
    assert stored(whole) == {"006A": "Proposal"}


def test_what_was_done_is_told_beside_the_stages(tmp_path):
    """A task counts when it was completed, not when it was due; what is open or planned has not happened."""
    log = opened(
        tmp_path,
        Task=table(
            TASK,
            "00T1 | 003A | 006A | Call  | true  | 2024-01-31 | 2024-01-05T09:00:00Z | 2024-01-01 | Inbound",
            "00T2 |      | 006A | Email | true  | 2024-01-06 |                      | 2024-01-01 |",
            "00T3 |      | 006A |       | true  |            |                      | 2024-01-07 |",
            "00T4 |      | 006A | Call  | false | 2024-02-01 |                      | 2024-01-08 |",
        ),
        Event=table(
            "Id WhoId WhatId Type StartDateTime IsChild LastModifiedDate",
            "00U1 | 003A | 006A | Meeting | 2024-01-09T09:00:00Z | false | 2024-01-02T09:00:00Z",
            "00U2 | 003B | 006A | Meeting | 2024-01-09T09:00:00Z | true  | 2024-01-02T09:00:00Z",
            "00U3 | 003A | 006A |         | 2024-06-01T09:00:00Z | false | 2024-01-10T09:00:00Z",
        ),
    )

    assert happened(log, "channel", "initiator", "contact") == [
        ("006A", "2024-01-05 09:00:00", None, "Call", "phone", "customer", "003A"),
        ("006A", "2024-01-06", None, "Email", "email", None, None),
        ("006A", "2024-01-07", None, "Task", None, None, None),
        ("006A", "2024-01-09 09:00:00", None, "Meeting", "meeting", None, "003A"),
    ]
    assert counted(log) == {"used": 4, "copy_for_invitee": 1, "not_completed": 1, "not_yet_held": 1}


def test_an_activity_belongs_to_the_deal_it_names_else_to_the_lead(tmp_path):
    """What was done with a lead is the opportunity's once it is converted, also where Salesforce has moved it
    to the contact. Of a company nobody can say which of its deals was meant.
    """
    tasks = table(
        "Id WhoId WhatId AccountId ActivityDate IsClosed",
        "00T1 | 00QA |      |      | 2024-01-01 | true",
        "00T2 | 003A |      | 001A | 2024-01-02 | true",
        "00T3 | 003Z | 006B | 001A | 2024-01-03 | true",
        "00T4 | 003Z |      | 001A | 2024-01-04 | true",
        "00T5 |      | 001A |      | 2024-01-05 | true",
        "00T6 | 00QZ |      |      | 2024-01-06 | true",
    )
    lead = table(
        LEAD.replace("CreatedDate", "LeadSource"),
        "00QA | Converted | Web | false | true | 006A | 003A | 001A |",
    )
    folder = write(tmp_path, Task=tasks, Lead=lead)

    by_deal, by_account = (
        jk.events(folder, format="salesforce", options={"customer": customer})
        for customer in ("opportunity", "account")
    )

    def whose(log):
        return {event: customer for customer, *_, event in happened(log, "event_id")}

    assert whose(by_deal) == {"00T1": "006A", "00T2": "006A", "00T3": "006B", "00T6": "00QZ"}
    assert counted(by_deal)["other_record"] == 2
    assert whose(by_account) == {
        **dict.fromkeys(("00T1", "00T2", "00T3", "00T4", "00T5"), "001A"),
        "00T6": "00QZ",
    }


def test_a_response_to_a_campaign_has_no_hour(tmp_path):
    """It is of a date only; on the day the member was added it came no earlier than that."""
    log = opened(
        tmp_path,
        CampaignMember=table(
            "Id CampaignId LeadId Status HasResponded FirstRespondedDate CreatedDate LeadOrContactId",
            "00v1 | 701A | 00QA | Sent      | false |            | 2024-01-01T09:00:00Z | 00QA",
            "00v2 | 701A | 00QB | Responded | true  | 2024-01-02 | 2024-01-02T09:00:00Z | 00QB",
            "00v3 | 701A | 00QC | Responded | true  | 2024-01-05 | 2024-01-02T09:00:00Z | 00QC",
        ),
    )

    assert happened(log, "initiator") == [
        ("00QA", "2024-01-01 09:00:00", None, "Campaign member", "company"),
        ("00QB", "2024-01-02 09:00:00", None, "Campaign response", "customer"),
        ("00QC", "2024-01-05", None, "Campaign response", "customer"),
    ]


def test_the_stage_by_the_activities_stands_beside_the_stored_one(tmp_path):
    """With the CRM's own stage changes set aside, stages follow from what was done; where the two differ,
    somebody moved a deal that nothing happened to, or forgot one that moved.
    """
    folder = write(
        tmp_path,
        OpportunityHistory=table(
            OPPORTUNITY_HISTORY,
            "008A | 006A | Won | 1 | 005A | 2024-01-01T09:00:00Z | false",
            "008B | 006B | Won | 1 | 005A | 2024-01-01T09:00:00Z | false",
        ),
        Opportunity=table(
            OPPORTUNITY,
            "006A | Won | 2024-01-01T09:00:00Z | 001A | false",
            "006B | Won | 2024-01-01T09:00:00Z | 001A | false",
        ),
        Task=table(
            "Id WhatId Type CompletedDateTime IsClosed",
            "00T1 | 006A | Demo     | 2024-01-02T09:00:00Z | true",
            "00T2 | 006B | Contract | 2024-01-02T09:00:00Z | true",
        ),
    )
    plan = jk.Lifecycle(
        "sale",
        stages=["talks", jk.Stage("Won", kind="goal")],
        touchpoints={"Demo": "talks", "Contract": "Won"},
    )

    log = jk.events(folder, format="salesforce", options={"stage_changes": "aside"})

    assert counted(log) == {"used": 4, "stage_change": 2}
    with jk.observe(log, plan) as journey:
        rows = [(row.stage, row.stored, row.customers, row.agrees) for row in jk.stored_stages(journey)]
    assert rows == [("talks", "Won", 1, False), ("Won", "Won", 1, True)]
