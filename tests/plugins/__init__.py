"""Packages of plugins: what `journeykit new-plugin` writes, and the telecom example."""
