"""The engines that questions run on, and the one place where they differ.

Everything else is Ibis, the same for every engine.
"""

from journeykit.engines.connecting import Connection as Connection
from journeykit.engines.connecting import connect_to as connect_to
from journeykit.engines.embedded import Limits as Limits
from journeykit.engines.embedded import connect_embedded as connect_embedded
from journeykit.engines.engine import Engine as Engine
from journeykit.engines.failures import Title as Title
from journeykit.engines.known import engine_errors as engine_errors
from journeykit.engines.known import engine_of as engine_of
from journeykit.engines.types import with_types as with_types
