"""One file per format; each turns a source into an Ibis table and refuses what it can't read."""
