"""The engines that questions run on, and the one place where they differ.

Everything else is Ibis, the same for every engine.
"""

from journeykit.engines.dialect import engine_errors as engine_errors
