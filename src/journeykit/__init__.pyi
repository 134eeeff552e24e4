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
    GraphError,
    JourneykitError,
    JourneykitWarning,
    LifecycleError,
    MissingDependencyError,
    PluginError,
    ReportError,
    SimulationError,
    UnknownNameError,
    UnsupportedError,
)
from .eventlog.check import LogCheck
from .eventlog.company import activities
from .eventlog.log import EventLog
from .eventlog.open import events
from .graph import (
    from_node_link,
    planned_graph,
    read_graphml,
    to_dot,
    to_mermaid,
    to_node_link,
    to_svg,
    validate,
    write_graphml,
)
from .html.report import report
from .journey import Counts, Journey, observe
from .model.activity import Activity
from .model.codec import read_lifecycle
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
from .simulation.truth import StageTruth, Truth

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
    "GraphError",
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
    "ReportError",
    "Result",
    "Scope",
    "Simulation",
    "SimulationError",
    "Stage",
    "StagePresence",
    "StageTruth",
    "Text",
    "Touchpoint",
    "Trace",
    "TraceStep",
    "Transition",
    "TransitionRow",
    "Truth",
    "UnknownNameError",
    "UnmappedTouchpoint",
    "UnsupportedError",
    "activities",
    "drop_offs",
    "events",
    "from_node_link",
    "gaps",
    "hookimpl",
    "last_touchpoints",
    "lifecycle",
    "lifecycles",
    "make_manager",
    "observe",
    "plan_gaps",
    "planned_graph",
    "read_graphml",
    "read_lifecycle",
    "report",
    "simulate",
    "to_dot",
    "to_mermaid",
    "to_node_link",
    "to_svg",
    "trace",
    "transitions",
    "validate",
    "write_graphml",
]
