"""Know HubSpot's records and pipelines: the stage that is stored now, and what people call the stages.

May import: builtin.readers.{crm_tables,hubspot_shapes,hubspot_rows}, engines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs
import ibis

from journeykit.builtin.readers import hubspot_shapes as shapes
from journeykit.builtin.readers.crm_tables import CrmTable, plain, stacked, time_us
from journeykit.builtin.readers.hubspot_rows import DELETED, objects_of, possible, record_id
from journeykit.engines import json_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

RECORDS: Final = {
    "record": "string",
    "stored": "string",
    "pipeline_id": "string",
    "deleted": "boolean",
    "as_of": "string",
}
"""What is known of a record now."""

STAGES: Final = {"stage_id": "string", "label": "string", "pipeline_id": "string", "deleted": "boolean"}
"""What is known of a stage of a pipeline."""

WITH_PIPELINES: Final = frozenset({"deals", "tickets", ""})
"""The objects whose stages belong to pipelines that have names."""

_PIPELINE: Final = ("dealpipelineid", *shapes.spelled("pipeline"), *shapes.spelled("hs_pipeline"))
_OWN: Final = "own:"
_TECHNICAL: Final = re.compile(
    r"fivetran|airbyte|isdeleted$|archived$|portalid$|customer$|storedstage$"
    r"|(propert(y|ies))?hs(v2)?(date(entered|exited)|latesttimein|cumulativetimein|timein)"
)
"""Columns, spelt plainly, that tell nothing to group by, or that are called as ours are."""


@attrs.frozen(kw_only=True)
class Records:
    """What is known of records, lazily.

    Attributes:
        table: One row a record: `RECORDS`, and `own:<column>` for what else one table of them holds.
        has_pipelines: Whether it tells their pipelines.
        own: The other columns.
    """

    table: ir.Table
    has_pipelines: bool
    own: tuple[str, ...]


def find_records(chosen: shapes.Chosen, property_name: str | None) -> Records | None:
    """Find what is known of each record; None where no table tells."""
    names = possible(property_name)
    stored = [one for name in names for one in shapes.spelled(name)]
    if "dealstage" in names:
        stored.insert(0, "dealpipelinestageid")
    own = _own(chosen.records[0], chosen.thing, stored) if len(chosen.records) == 1 else ()
    tables = [_record(table, chosen.thing, stored, own) for table in chosen.records]
    if chosen.shape == "json" and not tables:
        tables = [_json_record(table, names) for table in chosen.histories]
    if not tables:
        return None
    told = chosen.shape == "json" or any(table.has_any(*_PIPELINE) for table in chosen.records)
    return Records(
        table=_latest(stacked(tables)), has_pipelines=told and chosen.thing in WITH_PIPELINES, own=own
    )


def _own(table: CrmTable, thing: str, stored: Sequence[str]) -> tuple[str, ...]:
    """Name the columns that are no machinery: what people group by."""
    entered = {column for columns in shapes.entered_columns(table).values() for column in columns}
    kinds = table.table.schema()
    ids = {plain(shapes.ID_COLUMNS[thing]), *shapes.ANY_ID, *shapes.IDS.get(thing, ())}
    told = {*stored, *_PIPELINE, "pipelineid"}
    return tuple(
        column
        for column in table.table.columns
        if column not in entered
        and plain(column) not in ids | told
        and not _TECHNICAL.match(plain(column))
        and not (kinds[column].is_nested() or kinds[column].is_json() or kinds[column].is_binary())
    )


def _record(table: CrmTable, thing: str, stored: Sequence[str], own: Sequence[str]) -> ir.Table:
    kinds = {_OWN + column: table.table[column].type() for column in own}
    return table.rows(
        {**RECORDS, **kinds},
        record=record_id(table, thing),
        stored=table.text(*stored),
        pipeline_id=table.text(*_PIPELINE),
        deleted=table.flag(*DELETED),
        as_of=table.text("fivetransynced", "updatedat", "airbyteextractedat"),
        **{_OWN + column: table.table[column] for column in own},
    )


def _json_record(table: CrmTable, names: Sequence[str]) -> ir.Table:
    objects = objects_of(table)
    told = {
        "stored": ibis.coalesce(*(json_values.json_text(objects.now, name) for name in names)).nullif(""),
        "pipeline_id": ibis.coalesce(
            *(json_values.json_text(objects.now, name) for name in ("pipeline", "hs_pipeline"))
        ),
    }
    rows = CrmTable(table.name, objects, {})
    return rows.rows(RECORDS, record=objects.record, deleted=objects.deleted, **told)


def _latest(records: ir.Table) -> ir.Table:
    """Keep one row a record: the newest, as far as the rows tell."""
    named = records.filter(records.record.notnull())
    order = [
        time_us(named.as_of).desc(nulls_first=False),
        *(named[name].asc(nulls_first=False) for name in named.columns),
    ]
    window = ibis.window(group_by=named.record, order_by=order)
    ranked = named.mutate(nth=ibis.row_number().over(window))
    return ranked.filter(ranked.nth == 0).drop("nth")


def stage_labels(chosen: shapes.Chosen) -> ir.Table | None:
    """Find what people call stages and their pipelines; None where no table tells.

    Returns:
        One row a stage: `stage_id`, `stage_label`, `pipeline` (its label, else its id) and
        `its_pipeline_id`.
    """
    if not chosen.stages or chosen.thing not in WITH_PIPELINES:
        return None
    stages = _one_each(
        [
            table.rows(
                STAGES,
                stage_id=table.text("stageid"),
                label=table.text("label"),
                pipeline_id=table.text("pipelineid"),
                deleted=table.flag(*DELETED),
            )
            for table in chosen.stages
        ],
        "stage_id",
    )
    told = stages.select("stage_id", stage_label=stages.label, its_pipeline_id=stages.pipeline_id)
    pipelines = pipeline_labels(chosen)
    if pipelines is None:
        return told.mutate(pipeline=told.its_pipeline_id)
    joined = told.left_join(pipelines, told.its_pipeline_id == pipelines.pipeline_id)
    return joined.select(
        "stage_id",
        "stage_label",
        "its_pipeline_id",
        pipeline=joined.pipeline_label.coalesce(joined.its_pipeline_id),
    )


def pipeline_labels(chosen: shapes.Chosen) -> ir.Table | None:
    """Find what people call pipelines: `pipeline_id` and `pipeline_label`; None where no table tells."""
    if not chosen.pipelines or chosen.thing not in WITH_PIPELINES:
        return None
    tables = [
        table.rows(
            STAGES,
            pipeline_id=table.text("pipelineid"),
            label=table.text("label"),
            deleted=table.flag(*DELETED),
        )
        for table in chosen.pipelines
    ]
    found = _one_each(tables, "pipeline_id")
    return found.select("pipeline_id", pipeline_label=found.label)


def _one_each(tables: Sequence[ir.Table], key: str) -> ir.Table:
    """Keep one row a key: one that is not deleted before one that is."""
    rows = stacked(tables)
    rows = rows.filter(rows[key].notnull())
    order = [rows.deleted, *(rows[name].asc(nulls_first=False) for name in rows.columns if name != "deleted")]
    ranked = rows.mutate(nth=ibis.row_number().over(ibis.window(group_by=rows[key], order_by=order)))
    return ranked.filter(ranked.nth == 0).drop("nth")


def customers_of(records: Records, labels: ir.Table | None, key: str, *, by_label: bool) -> ir.Table:
    """Lay out what is known of each record as a table of customers.

    Args:
        records: What is known.
        labels: What people call the stages (`stage_labels`), or None.
        key: What to call the column of the record.
        by_label: Whether the stored stage is told by its label.
    """
    known, stored = records.table, records.table.stored
    if labels is not None and by_label:
        known = known.left_join(labels.select("stage_id", "stage_label"), known.stored == labels.stage_id)
        stored = known.stage_label.coalesce(known.stored)
    pipeline = {"pipeline_id": known.pipeline_id} if records.has_pipelines else {}
    own = {column: known[_OWN + column] for column in records.own}
    return known.select(**{key: known.record, "stored_stage": stored, **pipeline, **own})
