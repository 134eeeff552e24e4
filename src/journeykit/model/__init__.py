"""The plan: frozen values that say what a customer's journey is meant to be.

Light to import (attrs alone); YAML and JSON live in `journeykit.model.codec`, which
loads cattrs and PyYAML on use.

May import: errors.
"""

from journeykit.model.activity import Activity, Basis
from journeykit.model.bridge import Bridge
from journeykit.model.kinds import TRANSITION_KINDS, TransitionKind
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.names import Names
from journeykit.model.persona import Persona, Step
from journeykit.model.problem import Problem
from journeykit.model.question import Question
from journeykit.model.scope import Scope
from journeykit.model.stage import STAGE_KINDS, Perspective, Stage, StageKind
from journeykit.model.text import LANGUAGES, Language, Text
from journeykit.model.touchpoint import Evidence, Mode, Party, Process, Touchpoint
from journeykit.model.transition import Transition
from journeykit.model.vocabulary import Term, Vocabulary

__all__ = [
    "LANGUAGES",
    "STAGE_KINDS",
    "TRANSITION_KINDS",
    "Activity",
    "Basis",
    "Bridge",
    "Evidence",
    "Language",
    "Lifecycle",
    "Mode",
    "Names",
    "Party",
    "Persona",
    "Perspective",
    "Problem",
    "Process",
    "Question",
    "Scope",
    "Stage",
    "StageKind",
    "Step",
    "Term",
    "Text",
    "Touchpoint",
    "Transition",
    "TransitionKind",
    "Vocabulary",
]
