"""Every question on every engine: against the oracle, and against each other."""
