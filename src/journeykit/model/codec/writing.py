"""Write a lifecycle as plain data, YAML or JSON.

What was not said is not written; short forms are used where they say it all.

May import: codec.converter, lifecycle.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import yaml

from journeykit.model.codec.converter import converter

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle

_WIDTH: Final = 110
_INLINE: Final = 80
_BREAKS: Final = frozenset("\x85\u2028\u2029")


def to_dict(lifecycle: Lifecycle) -> dict[str, Any]:
    """Write a lifecycle as plain data: mappings, lists, texts, numbers and truths."""
    plain: dict[str, Any] = converter().unstructure(lifecycle)
    return plain


def to_json(lifecycle: Lifecycle) -> str:
    """Write a lifecycle as JSON, indented, ending in a line break."""
    return json.dumps(to_dict(lifecycle), ensure_ascii=False, indent=2) + "\n"


def to_yaml(lifecycle: Lifecycle) -> str:
    """Write a lifecycle as YAML for people to read and change."""
    return yaml.dump(to_dict(lifecycle), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)


class _Dumper(yaml.SafeDumper):
    """Writes short lists of plain words on one line."""


def _represent_list(dumper: _Dumper, items: list[Any]) -> yaml.SequenceNode:
    is_short = all(isinstance(item, str) for item in items) and sum(map(len, items)) < _INLINE
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=is_short)


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """Write a text; in double quotes where the writer would take a character for a line break."""
    style = '"' if _BREAKS.intersection(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(list, _represent_list)
