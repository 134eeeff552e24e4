from .checks.finding import LifecycleFinding, PluginFinding
from .checks.lifecycle import check_lifecycle
from .checks.plugin import check_plugin

__all__ = ["LifecycleFinding", "PluginFinding", "check_lifecycle", "check_plugin"]
