from .analysis.analyze import analyze
from .analysis.carry_over import carry_over
from .analysis.carry_over_rows import CarryOver, CarryOvers, Crossing
from .analysis.drop_offs import DropOff, drop_offs
from .analysis.gap_rows import Gap, GapFinding, Gaps, StagePresence, UnmappedTouchpoint
from .analysis.gaps import gaps
from .analysis.last_touchpoints import LastTouchpoint, last_touchpoints
from .analysis.overlap import OverlapRow, overlap
from .analysis.plan_gaps import plan_gaps
from .analysis.stored_stages import StoredStage, stored_stages
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
    SavedJourneyError,
    SimulationError,
    UnknownNameError,
    UnsupportedError,
)
from .eventlog.check import LogCheck
from .eventlog.company import activities
from .eventlog.log import EventLog
from .eventlog.open import events
from .eventlog.saved import SavedLog
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
from .journey import Counts, Journey
from .model.activity import Activity
from .model.bridge import Bridge
from .model.codec import read_lifecycle
from .model.lifecycle import Lifecycle
from .model.names import Names
from .model.persona import Persona, Step
from .model.question import Question
from .model.scope import Scope
from .model.stage import Stage
from .model.text import Text
from .model.touchpoint import Touchpoint
from .model.transition import Transition
from .model.vocabulary import Term, Vocabulary
from .observing import observe
from .plugins import hookimpl
from .plugins.manager import Manager, lifecycle, lifecycles, make_manager, map_system
from .plugins.offers import Reader, Reading, SourceTable, StageRule
from .progress import Progress, show_progress
from .result import Definition, Result
from .saving.loading import load
from .simulation.draw import Simulation, simulate
from .simulation.truth import StageTruth, Truth

__all__ = [
    "Activity",
    "Bridge",
    "CarryOver",
    "CarryOvers",
    "Counts",
    "Crossing",
    "Definition",
    "DropOff",
    "DurationError",
    "EngineError",
    "EventLog",
    "EventLogError",
    "Gap",
    "GapFinding",
    "Gaps",
    "GraphError",
    "Journey",
    "JourneykitError",
    "JourneykitWarning",
    "LastTouchpoint",
    "Lifecycle",
    "LifecycleError",
    "LogCheck",
    "Manager",
    "MissingDependencyError",
    "Names",
    "OverlapRow",
    "Persona",
    "PluginError",
    "Progress",
    "Question",
    "Reader",
    "Reading",
    "ReportError",
    "Result",
    "SavedJourneyError",
    "SavedLog",
    "Scope",
    "Simulation",
    "SimulationError",
    "SourceTable",
    "Stage",
    "StagePresence",
    "StageRule",
    "StageTruth",
    "Step",
    "StoredStage",
    "Term",
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
    "Vocabulary",
    "activities",
    "analyze",
    "carry_over",
    "drop_offs",
    "events",
    "from_node_link",
    "gaps",
    "hookimpl",
    "last_touchpoints",
    "lifecycle",
    "lifecycles",
    "load",
    "make_manager",
    "map_system",
    "observe",
    "overlap",
    "plan_gaps",
    "planned_graph",
    "read_graphml",
    "read_lifecycle",
    "report",
    "show_progress",
    "simulate",
    "stored_stages",
    "to_dot",
    "to_mermaid",
    "to_node_link",
    "to_svg",
    "trace",
    "transitions",
    "validate",
    "write_graphml",
]
