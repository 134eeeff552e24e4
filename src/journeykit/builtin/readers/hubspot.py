"""Read HubSpot's stages: property histories of the API, of Airbyte and of Fivetran, and the wide export.

A row of a history carries the new stage and its time: the stage ends with the next row,
and the last one is open.  Who wrote a row is told by its source, since an import or a
workflow is no customer's movement.  Engagements and emails are not read.

May import: builtin.readers.{crm_tables,hubspot_*}, plugins.offers, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from journeykit.builtin.readers import hubspot_shapes as shapes
from journeykit.builtin.readers.crm_tables import choice
from journeykit.builtin.readers.hubspot_records import Records, customers_of, find_records, stage_labels
from journeykit.builtin.readers.hubspot_rows import event_rows
from journeykit.errors import EventLogError, listed
from journeykit.plugins.offers import Reader, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from journeykit.plugins.offers import SourceTable

WRITERS: Final = {
    "person": (
        *(
            "CRM_UI",
            "CONTACTS",
            "CONTACTS_WEB",
            "COMPANIES",
            "DEALS",
            "SALES",
            "WORK_UI",
            "SIDEKICK",
            "EXTENSION",
        ),
        *("MOBILE_IOS", "MOBILE_ANDROID", "HELP_DESK", "CONVERSATIONS", "MEETINGS", "FORM"),
    ),
    "import": ("IMPORT", "MIGRATION", "EMAIL_INBOX_IMPORT"),
    "automation": (
        *(
            "AUTOMATION_PLATFORM",
            "AUTOMATION_JOURNEY",
            "PRIMARY_AUTOMATION",
            "WORKFLOWS",
            "WORKFLOW",
            "CALCULATED",
        ),
        *(
            "SEQUENCES",
            "BOT",
            "TASK",
            "ANALYTICS",
            "INTERNAL_PROCESSING",
            "PROPERTY_DEFAULT_VALUE",
            "DEFAULT",
        ),
        *("DATA_ENRICHMENT", "COMPANY_INSIGHTS", "BREEZE_AGENT", "PROSPECTING_AGENT", "CUSTOMER_AGENT"),
    ),
    "bulk_edit": ("BATCH_UPDATE", "CRM_UI_BULK_ACTION", "BULK_EDIT"),
    "merge": ("MERGE_OBJECTS", "MERGE_CONTACTS", "MERGE_COMPANIES", "MERGE_REVERT_OBJECTS", "MERGE"),
    "integration": (
        *("INTEGRATION", "INTEGRATIONS", "INTEGRATIONS_PLATFORM", "INTEGRATIONS_SYNC", "SALESFORCE"),
        *(
            "PORTAL_OBJECT_SYNC",
            "BET_CRM_CONNECTOR",
            "EMAIL_INTEGRATION",
            "GMAIL_INTEGRATION",
            "SLACK_INTEGRATION",
        ),
        "CONNECTED_ACCOUNT",
    ),
    "api": ("API",),
}
"""What HubSpot's sources are, by who or what wrote a row; any other is unknown."""

OPTIONS: Final = {
    "object": "contacts, companies, deals or tickets, where the files hold stages of several",
    "property": "the property that holds the stage, if not lifecyclestage, dealstage or hs_pipeline_stage",
    "pipeline": "id or label of the one pipeline to read; rows of others are set aside",
    "stages": "labels: stages are called as people see them, where a table of stages tells; ids: never",
}

_WRITER_OF: Final = {source: writer for writer, sources in WRITERS.items() for source in sources}
_LISTED: Final = 5


def read(tables: Sequence[SourceTable], options: Mapping[str, str]) -> Reading:
    """Make events of the tables of an export.

    Raises:
        UnknownNameError: An option has a value that there is not.
        EventLogError: No table holds stages, several objects have them, or no table tells the pipelines.
    """
    chosen = shapes.choose(tables, options)
    by_label = choice(options, "stages", ("labels", "ids"), "hubspot") == "labels"
    key = shapes.ID_COLUMNS[chosen.thing]
    property_name = options.get("property", shapes.PROPERTIES.get(chosen.thing))
    records = find_records(chosen, property_name)
    labels = stage_labels(chosen)
    rows = _with_stages(event_rows(chosen, property_name), labels, by_label=by_label)
    rows = _with_records(rows, records)
    if "pipeline" in options:
        rows = _of_pipeline(rows, options["pipeline"])
    columns = {"customer": key, "timestamp": "entered_at", "stage": "stage", "writer": "writer"}
    if chosen.shape == "json":
        columns["sequence"] = "number"
    return Reading(
        events=rows.mutate(writer=_writer(rows.written_by)).rename({key: "record"}),
        columns=columns,
        attributes=("written_by", *(["pipeline"] if "pipeline" in rows.columns else [])),
        customers=None if records is None else customers_of(records, labels, key, by_label=by_label),
        aside="lost",
        collapse=True,
        notes=tuple(_notes(chosen)),
    )


def _with_stages(rows: ir.Table, labels: ir.Table | None, *, by_label: bool) -> ir.Table:
    """Say the stage as people call it, and its pipeline."""
    if labels is None:
        return rows.mutate(stage=rows.stage_id)
    joined = rows.left_join(labels, "stage_id", rname="{name}_again").drop("stage_id_again")
    stage = joined.stage_label.coalesce(joined.stage_id) if by_label else joined.stage_id
    return joined.mutate(stage=stage).drop("stage_label")


def _with_records(rows: ir.Table, records: Records | None) -> ir.Table:
    """Add what is known of each record: whether it was deleted, and its pipeline now."""
    if records is None:
        return rows
    known = records.table.select("record", gone=records.table.deleted, own_pipeline=records.table.pipeline_id)
    joined = rows.left_join(known, "record", rname="{name}_again").drop("record_again")
    values = {"lost": joined.gone.ifelse("deleted", joined.lost)}
    if records.has_pipelines:
        told = joined.its_pipeline_id if "its_pipeline_id" in rows.columns else ibis.null("string")
        values["its_pipeline_id"] = told.coalesce(joined.own_pipeline)
        told = joined.pipeline if "pipeline" in rows.columns else ibis.null("string")
        values["pipeline"] = told.coalesce(joined.own_pipeline)
    return joined.mutate(**values).drop("gone", "own_pipeline")


def _of_pipeline(rows: ir.Table, wanted: str) -> ir.Table:
    """Set aside the rows of other pipelines.

    Raises:
        EventLogError: No table tells of pipelines.
    """
    if "pipeline" not in rows.columns:
        raise EventLogError(
            f"options: pipeline={wanted!r} needs a table that tells of pipelines beside the history, such as "
            "deal_pipeline_stage (stage_id, label, pipeline_id) or the deals themselves"
        )
    fits = (rows.pipeline == wanted) | (rows.its_pipeline_id == wanted)
    other = ibis.ifelse(fits.fill_null(ibis.literal(False)), ibis.null("string"), "other_pipeline")
    return rows.mutate(lost=rows.lost.coalesce(other))


def _writer(written_by: ir.StringColumn) -> ir.StringValue:
    """Tell who or what wrote a row by its source, whatever its case."""
    source = written_by.upper().replace(" ", "_").replace("-", "_")
    return ibis.literal(_WRITER_OF, type="map<string, string>").get(source, "unknown")


def _notes(chosen: shapes.Chosen) -> Iterator[str]:
    """Say what whoever reads the answer has to know."""
    if chosen.shape == "wide":
        yield (
            "one row a record tells only when it last entered each stage: steps back and repeats are lost, "
            "and who wrote them; a property history has them"
        )
    if chosen.unused:
        whose = chosen.thing or "records"
        yield f"without use for the stages of {whose}: {listed(chosen.unused, most=_LISTED)}"


READER: Final = Reader(
    "hubspot",
    title="HubSpot: property histories (API, Airbyte, Fivetran) and lists with a date for each stage",
    read=read,
    options=OPTIONS,
)
