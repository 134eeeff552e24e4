"""Save a journey to one file, and load it again: observe once, ask for weeks.

The file is a DuckDB database with the relations that questions count over, and a manifest.  It
appears whole or not at all: what stands under its name is the old journey or the new one.
"""
