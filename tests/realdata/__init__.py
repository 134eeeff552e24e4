"""Tests on real logs and on the published logs of other projects, which are too large for this repository."""
