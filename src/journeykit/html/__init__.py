"""The report: what was observed as one self-contained HTML page.

`answers` asks, `page` lays out in words, the template marks up, `report` writes.  The words and
tables are shared with the command line.

May import: journey, analysis, graph, result, model, errors.
"""
