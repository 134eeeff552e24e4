"""Let the suite import the scripts beside it: pytest imports by path, and knows no folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
