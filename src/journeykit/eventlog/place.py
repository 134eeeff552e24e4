"""Which engine a source is opened on, and what that engine may use.

May import: engines, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from journeykit.engines import Limits
from journeykit.errors import EventLogError, listed

if TYPE_CHECKING:
    from journeykit.engines import Connection


@attrs.frozen(kw_only=True)
class Place:
    """What a caller says of the engine.

    Attributes:
        connection: What leads to an engine of somebody else's; None: that of an Ibis table, or our own.
        schema: Where the relations that we make there are ordinary ones; None: they are temporary.
        limits: What an engine of our own may use.
    """

    connection: Connection | None = None
    schema: str | None = None
    limits: Limits = Limits()  # noqa: RUF009 - frozen

    def require_own(self, what: str) -> None:
        """Refuse what is for somebody else's engine, where it is ours that reads.

        Raises:
            EventLogError: *schema* was said.
        """
        if self.schema is not None:
            message = (
                f"schema={self.schema!r} is for relations in somebody else's engine (connection=, or an Ibis "
                f"table of one); {what} are read by journeykit's own: leave it out"
            )
            raise EventLogError(message)

    def require_theirs(self, what: str) -> None:
        """Refuse what is for our own engine, where it is somebody else's that reads.

        Raises:
            EventLogError: One of the limits was said.
        """
        if said := self.limits.said:
            names = listed(f"{name}=" for name in said)
            raise EventLogError(
                f"for journeykit's own engine only, not for that of {what}: {names}. Set it there"
            )
