"""Help for testing journeykit, its plugins, and what is built on it.

`check_lifecycle` says what a lifecycle lacks, `check_plugin` what is wrong with a plugin;
`oracle` answers journeykit's questions by brute force, to check the engine by;
`strategies` draws lifecycles, event logs and journeys with hypothesis; `cases` holds the
hard logs that every test should run beside drawn ones; `pytest_plugin` gives pytest the
fixture `journeykit_conformance`.  Nothing is imported until asked for: pytest loads this
package in every environment that has journeykit.

May import: nothing of ours; names are loaded on use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
