"""Help for testing journeykit, its plugins, and what is built on it.

`oracle` answers journeykit's questions by brute force, to check the engine by;
`strategies` draws lifecycles and event logs with hypothesis; `cases` holds the
hard logs that every test should run beside drawn ones.  Nothing is imported
until asked for: hypothesis is needed for `strategies` alone.

May import: model, errors.
"""
