"""Show the main job on a simulated B2B log: the same log, the same answers, every time.

The log comes with a plausible year of a vendor's life: evaluations that stall, steps back,
customers at risk, and a company whose effort does not quite go where its customers are.
No plugin's stage rules are used: they would make it another demo.

May import: cli, html, simulation, journey, model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import journeykit as jk
from journeykit.cli.reporting import tell, write
from journeykit.html.answers import find
from journeykit.html.files import check_place, require_page
from journeykit.html.wording import counted, plain

if TYPE_CHECKING:
    from pathlib import Path

    from journeykit.cli.terminal import Terminal

LIFECYCLE, CUSTOMERS, SEED = "b2b-seven-phase", 5_000, 7
START, AS_OF = "2024-01-01", "2024-12-31"

MOVES = {
    "active_evaluation": {
        "purchase_decision": 0.52,
        "initial_interest": 0.14,
        "trigger": 0.04,
        "customer_experience": 0.02,
        "churned": 0.04,
    },
    "purchase_decision": {"customer_experience": 0.66, "active_evaluation": 0.12, "churned": 0.05},
    "loyalty": {"customer_experience": 0.10, "at_risk": 0.15, "churned": 0.03},
    "at_risk": {"loyalty": 0.35, "customer_experience": 0.25, "churned": 0.25},
}
"""How customers move where the lifecycle alone would let them walk straight on."""

HOURS = {
    "inactive": {"industry_conference": 160, "thought_leadership_article": 40, "trade_magazine_advert": 120},
    "trigger": {"web_search": 60, "video_platform": 70, "niche_blog": 50},
    "initial_interest": {"vendor_website": 140, "comparison_site": 15, "cold_call": 100},
    "active_evaluation": {"vendor_article": 30, "report": 25, "customer_reference": 30, "demo_request": 35},
    "purchase_decision": {"sales_contact": 220, "contract_signature": 30},
    "customer_experience": {"user_manual": 80, "training_document": 20, "product_video": 25},
    "loyalty": {"support_phone": 90, "support_email": 70, "self_service": 10, "knowledge_base": 60},
}
"""What the company does: hours a month, by stage and touchpoint."""


def show_demo(terminal: Terminal, page: Path) -> None:
    """Simulate a log, print the three answers and write the report.

    Args:
        terminal: Where to print.
        page: Where to write the report.
    """
    require_page(page)
    check_place(page)
    with terminal.working() as doing:
        doing("Simulating a log")
        plan = jk.lifecycle(LIFECYCLE)
        drawn = jk.simulate(plan, customers=CUSTOMERS, start=START, seed=SEED, moves=MOVES)
        with (
            _open(drawn) as log,
            jk.observe(log, plan, as_of=AS_OF, rules=(), progress=doing.progress) as journey,
        ):
            found = find(journey, activities=company(), doing=doing)
            written = write(found, page=page, json=None, doing=doing)
    drew = f"Simulated {counted(CUSTOMERS, 'customer')} who begin in 2024 (seed {SEED})"
    terminal.say(f"{drew}, and made up what the company does. This is what journeykit finds in the log:")
    terminal.say()
    tell(terminal, found)
    terminal.say(f"Wrote {plain(written[0])}: open it in a browser.")


def _open(drawn: jk.Simulation) -> jk.EventLog:
    """Open the log as one opens an export."""
    return jk.events(
        drawn.events,
        customer="customer",
        timestamp="timestamp",
        touchpoint="touchpoint",
        stage="stage",
        customers=drawn.customers,
    )


def company() -> tuple[jk.Activity, ...]:
    """Say what the made-up company does."""
    return tuple(
        jk.Activity(stage, touchpoint, effort=float(hours), unit="hours a month")
        for stage, efforts in HOURS.items()
        for touchpoint, hours in efforts.items()
    )
