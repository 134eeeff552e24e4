"""The touchpoints of the shipped B2B lifecycle, walked along the mission page's table (A1)."""

from __future__ import annotations

import re

TOUCHPOINTS = {
    "inactive": {
        "industry_conference": "brancheconferencer",
        "thought_leadership_article": '"thought leadership"-artikler',
        "social_media_trends": "sociale medier (nye tendenser)",
    },
    "trigger": {
        "web_search": "Google",
        "video_platform": "videoplatforme (i.e. YouTube)",
        "niche_blog": "flere niche-blogs",
    },
    "initial_interest": {
        "vendor_website": "firma hjemmesider",
        "comparison_site": "sammenligningssider",
        "review_portal": "anmeldelsesportaler",
    },
    "active_evaluation": {
        "vendor_article": "henter artikler",
        "vendor_study": "undersøgelser fra leverandøren",
        "report": "rapporter",
        "customer_reference": "kundereferencer",
        "demo_request": "demonstration",
    },
    "purchase_decision": {
        "sales_contact": "direkte kontakt med salgsteamet",
        "contract_signature": "underskriver kontrakten",
    },
    "customer_experience": {
        "user_manual": "brugermanualer",
        "training_document": "træningsdokumenter",
        "product_video": "produktvideoer",
    },
    "loyalty": {
        "support_phone": "kundeserviceteam via telefon",
        "support_email": "email",
        "support_live_chat": "live chat på hjemmesiden",
        "self_service": "selvbetjeningsservice",
        "knowledge_base": "vidensdatabase",
    },
}
"""The mission page's table of touchpoints: stage, id and original words, in order."""

ATTITUDES = {
    "inactive": "Åben for inspiration",
    "trigger": "Proaktiv",
    "active_evaluation": "Tillid er vigtig",
    "loyalty": "Efter behov",
}
"""The attitudes that the text names; of the other stages it says none."""


def without_capital(text: str) -> str:
    """The text with its first letter small, as it stands in the middle of the source's sentence."""
    return re.sub(r"\w", lambda letter: letter[0].lower(), text, count=1)


def test_the_touchpoints_are_those_of_the_source_with_its_own_words(b2b):
    """S1-11: 24 steps in seven phases; the Danish is original, but for a capital letter."""
    held = {
        phase: {t.id: without_capital(t.label.da) for t in b2b.touchpoints_in(phase)} for phase in TOUCHPOINTS
    }

    assert held == {
        phase: {touchpoint: without_capital(words) for touchpoint, words in inside.items()}
        for phase, inside in TOUCHPOINTS.items()
    }


def test_there_are_24_touchpoints_each_in_one_stage(b2b):
    """No touchpoint is shared, so no event has to be resolved; none hides in a stage of the way out."""
    assert [len(touchpoint.stages) for touchpoint in b2b.touchpoints] == [1] * 24
    assert len({*b2b.touchpoint_ids}) == 24
    assert (b2b.touchpoints_in("at_risk"), b2b.touchpoints_in("churned")) == ((), ())


def test_the_attitudes_are_those_the_text_names(b2b):
    """The mission's table puts an attitude before the touchpoints; stage and touchpoints agree on it."""
    stages = {stage.id: stage.attitude.da for stage in b2b.stages if stage.attitude}
    touchpoints = {touchpoint.id: touchpoint.attitude.da for touchpoint in b2b.touchpoints}

    assert stages == ATTITUDES
    assert touchpoints == {
        touchpoint: ATTITUDES.get(phase, "") for phase, inside in TOUCHPOINTS.items() for touchpoint in inside
    }


def test_each_touchpoint_says_where_it_happens_and_what_is_done(b2b):
    """S1-12: channels and activities in each phase; a touchpoint without them can't be planned."""
    assert [t.id for t in b2b.touchpoints if not (t.channel and t.activity and t.mode)] == []


def test_the_demonstration_comes_after_the_reading(b2b):
    """The source's "derefter" is the one order inside a phase that the text gives."""
    assert {touchpoint.id: touchpoint.after for touchpoint in b2b.touchpoints if touchpoint.after} == {
        "demo_request": ("vendor_article", "vendor_study", "report", "customer_reference")
    }


def test_nothing_is_claimed_that_nobody_knows(b2b):
    """No document weighs a touchpoint, gives a deadline or has asked a customer; S3-18."""
    claimed = {
        (t.evidence, t.weight, t.owner, t.response_within, t.controllable, t.expected)
        for t in b2b.touchpoints
    }

    assert claimed == {("assumed", None, None, None, None, True)}


def test_the_audit_is_what_the_company_should_do_at_those_touchpoints(b2b):
    """S1-13: be present where customers are; the three questions name three of those places."""
    responses = {
        touchpoint.id: touchpoint.company_response.en
        for touchpoint in b2b.touchpoints
        if "S1-13" in touchpoint.sources
    }

    assert responses == {
        "industry_conference": "Speak at industry conferences",
        "web_search": "Be visible in searches",
        "comparison_site": "Be on the websites where vendors are compared",
    }
