"""Write lifecycles as YAML, JSON or plain data, and read them back.

Reading is strict: an unknown key, a wrong type, a key given twice or a broken rule is
a `LifecycleError` that names the place, the line where there is one, and the nearest
thing that would be right.  What is written reads back to an equal lifecycle.
``cattrs`` and PyYAML are imported here and nowhere else in the model.

May import: the rest of model, errors.
"""

from journeykit.model.codec.reading import from_dict, from_json, from_yaml, read_lifecycle
from journeykit.model.codec.schema import json_schema
from journeykit.model.codec.writing import to_dict, to_json, to_yaml

__all__ = [
    "from_dict",
    "from_json",
    "from_yaml",
    "json_schema",
    "read_lifecycle",
    "to_dict",
    "to_json",
    "to_yaml",
]
