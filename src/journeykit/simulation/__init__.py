"""Draw event logs from a lifecycle, together with the truth they were drawn from.

Importing this package loads numpy and pyarrow.

May import: model, errors.
"""

from journeykit.simulation.draw import Simulation, simulate
from journeykit.simulation.truth import StageTruth, Truth

__all__ = ["Simulation", "StageTruth", "Truth", "simulate"]
