"""Which timestamp_format is proposed for what can't be read."""

from __future__ import annotations

import pytest

from journeykit.eventlog.proposals import fitting_formats


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["31-12-2024", "01-02-2024"], ("%d-%m-%Y",)),
        (["31/12/2024"], ("%d/%m/%Y",)),
        (["12/31/2024"], ("%m/%d/%Y",)),
        (["03/04/2024"], ("%d/%m/%Y", "%m/%d/%Y")),
        (["31.12.2024 10:00"], ("%d.%m.%Y %H:%M",)),
        (["12/31/2024 10:00 PM"], ("%m/%d/%Y %I:%M %p",)),
        (["2024-12-31 10:00 PM"], ("%Y-%m-%d %I:%M %p",)),
        (["20241231"], ("%Y%m%d",)),
        (["20241231T100000Z"], ("%Y%m%dT%H%M%S%z",)),
        (["1735639200", "1735639200.5"], ("epoch_s",)),
        (["1735639200123"], ("epoch_ms",)),
        (["1735639200123456"], ("epoch_us",)),
        (["31-12-2024", "soon"], ()),
        (["2024-01-02 10:00 PST"], ()),
        ([], ()),
    ],
)
def test_the_formats_that_fit_every_example_are_named(texts, formats):
    """Ambiguous dates are for the caller to decide: both readings are named, neither is applied."""
    assert fitting_formats(texts) == formats


@pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")
@pytest.mark.parametrize(
    "text",
    [
        *("31-12-2024", "31/12/2024 10:00", "31.12.2024 10:00:30", "31 Dec 2024", "31 December 2024 10:00"),
        *("Dec 31, 2024", "31-Dec-2024", "12/31/2024 10:00:30 PM", "31-12-24", "2024-12-31 10:00:30,250"),
        *("20241231T100000", "20241231T100000Z", "31-12-2024 10:00:00 +0100", "2024.12.31", "1735639200"),
    ],
)
def test_what_is_proposed_does_read_the_log(log_of, text):
    """Advice that does not work is worse than none; the engine's patterns are not Python's."""
    log = log_of(f'ana,"{text}",visit')
    proposed = log.fitting_formats()

    again = log_of(f'ana,"{text}",visit', timestamp_format=proposed[0])

    assert (log.counts().used, again.counts().used) == (0, 1)
