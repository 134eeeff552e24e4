"""Join a planned customer journey with observed events, with honest statistics.

Everything public is here, and nothing is imported before it is used: `import journeykit`
loads no engine, no data frame and no chart.  The names and their homes are in `__init__.pyi`.

    import journeykit as jk

    log = jk.events("crm.parquet", customer="account_id", timestamp="occurred_at", touchpoint="activity")
    journey = jk.observe(log, jk.lifecycle("b2b-seven-phase"))
    jk.transitions(journey)
    jk.drop_offs(journey)
    jk.gaps(journey)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
