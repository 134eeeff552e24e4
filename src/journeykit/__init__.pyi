from .analysis.drop_offs import DropOff, drop_offs
from .analysis.gap_rules import Gap, Gaps, StagePresence, UnmappedTouchpoint
from .analysis.gaps import gaps
from .analysis.last_touchpoints import LastTouchpoint, last_touchpoints
from .analysis.plan_gaps import plan_gaps
from .analysis.trace import Trace, TraceStep, trace
from .analysis.transitions import TransitionRow, transitions
from .errors import (
    EngineError,
    EventLogError,
    JourneykitError,
    JourneykitWarning,
    LifecycleError,
    MissingDependencyError,
    PluginError,
    UnknownNameError,
    UnsupportedError,
)
from .journey import Counts, Journey, observe
from .result import Definition, Result

__all__ = [
    "Counts",
    "Definition",
    "DropOff",
    "EngineError",
    "EventLogError",
    "Gap",
    "Gaps",
    "Journey",
    "JourneykitError",
    "JourneykitWarning",
    "LastTouchpoint",
    "LifecycleError",
    "MissingDependencyError",
    "PluginError",
    "Result",
    "StagePresence",
    "Trace",
    "TraceStep",
    "TransitionRow",
    "UnknownNameError",
    "UnmappedTouchpoint",
    "UnsupportedError",
    "drop_offs",
    "gaps",
    "last_touchpoints",
    "observe",
    "plan_gaps",
    "trace",
    "transitions",
]
