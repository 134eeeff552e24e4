"""Checks that say in plain words what a lifecycle or a plugin lacks.

May import: nothing; its modules say what they do.
"""
