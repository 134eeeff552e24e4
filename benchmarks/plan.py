"""What all systems are asked: the touchpoints of the simulated log, and what they mean.

Needs nothing but Python, for each system runs in an environment of its own.
"""

from __future__ import annotations

NAMES = (
    "ad_view", "site_visit", "signup", "trial_start", "email_open", "feature_use",
    "support_ticket", "demo", "quote", "purchase", "renewal", "churn",
)  # fmt: skip
"""The touchpoints, each of which is the only one of a stage of its name, in the order of the lifecycle."""

GOAL = "renewal"
EXIT = "churn"
IDLE_DAYS = 30
