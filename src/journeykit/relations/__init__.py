"""Build the relations that every question counts over: `steps`, `visits`, `customers`.

`coding` turns names into small integers, `ordering` sorts each customer's events once
and assigns stages, `visits` cuts the ordered events into visits with one outcome each.
"""
