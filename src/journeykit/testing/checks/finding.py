"""What a lifecycle lacks or a plugin does wrong, as values: where, and how to mend it.

May import: nothing of ours.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

FindingKind: TypeAlias = Literal[
    "unreachable_stage",
    "unreachable_goal",
    "no_way_out",
    "unreachable_touchpoint",
    "no_sign_of_stage",
    "persona_off_path",
    "unreachable_bridge",
    "missing_translation",
    "duplicated_meaning",
]
"""What may be lacking, in the order in which findings come."""


@attrs.frozen
class LifecycleFinding:
    """One thing that a lifecycle lacks, though it breaks no rule.

    Attributes:
        kind: What sort of thing, such as "unreachable_stage".
        place: Where, such as "stage 'trial'"; "lifecycle" for the whole.
        sentence: What is lacking there, and the way out.
    """

    kind: FindingKind
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


@attrs.frozen
class PluginFinding:
    """One thing that is wrong with a plugin, or lacking.

    Attributes:
        hook: The hook that it is about; "" where the plugin could not be plugged in at all.
        place: What of the plugin's offers, such as "lifecycle 'banking', stage 'trial'"; "" for the whole.
        sentence: What is wrong there, and the way out.
    """

    hook: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.hook, self.place, self.sentence)))
