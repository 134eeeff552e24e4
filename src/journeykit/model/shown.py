"""Show a model value by what was said about it, and leave out what was not.

A stage has twenty fields; the two that were given are what a reader wants.

May import: nothing of ours.
"""

from __future__ import annotations

import attrs


def shown(value: attrs.AttrsInstance) -> str:
    """Write a value as the call that makes it, without arguments left at their default."""
    said = []
    for field in attrs.fields(type(value)):
        given = getattr(value, field.name)
        if not field.kw_only:
            said.append(repr(given))
        elif given != field.default:
            said.append(f"{field.name}={given!r}")
    return f"{type(value).__name__}({', '.join(said)})"
