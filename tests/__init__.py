"""The tests: unit mirrors src; property, realdata, docs and browser are what their names say."""
