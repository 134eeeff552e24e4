from .analysis.drop_offs import DropOff, drop_offs
from .analysis.gap_rows import Gap, Gaps, StagePresence, UnmappedTouchpoint
from .analysis.gaps import gaps
from .analysis.last_touchpoints import LastTouchpoint, last_touchpoints
from .analysis.plan_gaps import plan_gaps
from .analysis.trace import Trace, TraceStep, trace
from .analysis.transitions import TransitionRow, transitions
from .errors import (
    DurationError,
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
from .eventlog.check import LogCheck
from .eventlog.company import activities
from .eventlog.log import EventLog
from .eventlog.open import events
from .html.report import report
from .journey import Counts, Journey, observe
from .model.activity import Activity
from .model.codec import read_lifecycle
from .model.codec.reading import read_lifecycle
from .model.lifecycle import Lifecycle
from .model.names import Names
from .model.question import Question
from .model.scope import Scope
from .model.stage import Stage
from .model.text import Text
from .model.touchpoint import Touchpoint
from .model.transition import Transition
from .plugins import hookimpl
from .plugins.manager import lifecycle, lifecycles, make_manager
from .result import Definition, Result
from .simulation.draw import Simulation, simulate

__all__ = [
    "Activity",
    "Counts",
    "Definition",
    "DropOff",
    "DurationError",
    "EngineError",
    "EventLog",
    "EventLogError",
    "Gap",
    "Gaps",
    "Journey",
    "JourneykitError",
    "JourneykitWarning",
    "LastTouchpoint",
    "Lifecycle",
    "LifecycleError",
    "LogCheck",
    "MissingDependencyError",
    "Names",
    "PluginError",
    "Question",
    "Result",
    "Scope",
    "Simulation",
    "Stage",
    "StagePresence",
    "Text",
    "Touchpoint",
    "Trace",
    "TraceStep",
    "Transition",
    "TransitionRow",
    "UnknownNameError",
    "UnmappedTouchpoint",
    "UnsupportedError",
    "activities",
    "drop_offs",
    "events",
    "gaps",
    "hookimpl",
    "last_touchpoints",
    "lifecycle",
    "lifecycles",
    "make_manager",
    "observe",
    "plan_gaps",
    "read_lifecycle",
    "report",
    "simulate",
    "trace",
    "transitions",
]
