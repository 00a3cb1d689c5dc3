"""What openlineage_python.py tells through each transport: a day of a shop.

Built with openlineage-python's own classes. Names carry the transport's name, so that the
stories do not meet in the catalog.
"""

from dataclasses import dataclass, field

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import (
    DatasetEvent, InputDataset, Job, JobEvent, OutputDataset, Run, RunEvent, RunState, StaticDataset, set_producer,
)
from openlineage.client.facet_v2 import (
    column_lineage_dataset as column_lineage, datasource_dataset, documentation_dataset, error_message_run,
    lineage, nominal_time_run, output_statistics_output_dataset, ownership_dataset, schema_dataset,
    source_code_location_job, sql_job, tags_dataset,
)
from openlineage.client.serde import Serde
from openlineage.client.uuid import generate_new_uuid

STORE = "postgres://db.example.com:5432"
MANY = "interop-many"
DAY = "2026-11-20T"


@dataclass
class Story:
    """Who is who in one telling, and what was sent."""

    name: str
    run_events: list[dict] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    good_run: str = ""
    failed_run: str = ""

    @property
    def job_namespace(self) -> str:
        return f"interop-{self.name}"

    job = "orders.daily"
    declared_job = "copy"

    def __post_init__(self) -> None:
        self.job = f"orders.daily.{self.name}"
        for table in ("customers", "orders", "summary", "described", "copied"):
            setattr(self, table, f"shop.{self.name}.{table}")


def columns(**types: str) -> schema_dataset.SchemaDatasetFacet:
    fields = [schema_dataset.SchemaDatasetFacetFields(name=name, type=kind) for name, kind in types.items()]
    return schema_dataset.SchemaDatasetFacet(fields=fields)


def came_from(dataset: str, column: str, subtype: str, masking: bool = False) -> column_lineage.Fields:
    how = column_lineage.Transformation(type="DIRECT", subtype=subtype, description="", masking=masking)
    source = column_lineage.InputField(namespace=STORE, name=dataset, field=column, transformations=[how])
    return column_lineage.Fields(inputFields=[source])


def inputs(told: Story) -> list[InputDataset]:
    customers = columns(id="bigint", email="text")
    orders = columns(id="bigint", customer_id="bigint", amount="numeric")
    return [
        InputDataset(namespace=STORE, name=told.customers, facets={"schema": customers}),
        InputDataset(namespace=STORE, name=told.orders, facets={"schema": orders}),
    ]


def outputs(told: Story) -> list[OutputDataset]:
    fields = {
        "customer_id": came_from(told.customers, "id", "IDENTITY"),
        "email_hash": came_from(told.customers, "email", "TRANSFORMATION", masking=True),
        "total": came_from(told.orders, "amount", "AGGREGATION"),
    }
    facets = {
        "schema": columns(customer_id="bigint", email_hash="text", total="numeric"),
        "columnLineage": column_lineage.ColumnLineageDatasetFacet(fields=fields),
        "dataSource": datasource_dataset.DatasourceDatasetFacet(name="shop", uri=STORE),
    }
    rows = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=42, size=4096)
    written = {"outputStatistics": rows}
    return [OutputDataset(namespace=STORE, name=told.summary, facets=facets, outputFacets=written)]


def tell(client: OpenLineageClient, name: str) -> Story:
    """Sends the whole story: one run for each way a run can end, and events without a run."""
    set_producer("https://example.com/lethe/interop")
    told = Story(name)

    def send(state: RunState, run_id: str, time: str, **more) -> None:
        run = Run(runId=run_id, facets=more.pop("run_facets", {}))
        facets = {"sql": sql_job.SQLJobFacet(query="insert into summary select …", dialect="postgres")}
        job = Job(namespace=told.job_namespace, name=told.job, facets=facets)
        event = RunEvent(eventType=state, eventTime=DAY + time, run=run, job=job, **more)
        client.emit(event)
        told.run_events.append(Serde.to_dict(event))

    day = nominal_time_run.NominalTimeRunFacet(nominalStartTime=DAY + "00:00:00Z", nominalEndTime=DAY + "23:59:59Z")
    good, failed, aborted, running = (str(generate_new_uuid()) for _ in range(4))
    send(RunState.START, good, "03:00:00Z", run_facets={"nominalTime": day}, inputs=inputs(told), outputs=[])
    send(RunState.RUNNING, good, "03:00:30+00:00", inputs=inputs(told), outputs=[])
    send(RunState.COMPLETE, good, "04:01:30.000+01:00", inputs=inputs(told), outputs=outputs(told))
    error = error_message_run.ErrorMessageRunFacet(message="división por cero ÷0", programmingLanguage="python")
    send(RunState.START, failed, "05:00:00Z", inputs=inputs(told), outputs=[])
    send(RunState.FAIL, failed, "05:00:01Z", run_facets={"errorMessage": error}, inputs=[], outputs=[])
    send(RunState.START, aborted, "06:00:00Z", inputs=inputs(told), outputs=[])
    send(RunState.ABORT, aborted, "06:00:01Z", inputs=[], outputs=[])
    send(RunState.START, running, "07:00:00Z", inputs=inputs(told), outputs=[])
    told.good_run, told.failed_run = good, failed
    told.states = {good: "COMPLETED", failed: "FAILED", aborted: "ABORTED", running: "RUNNING"}
    client.emit(dataset_event(told))
    client.emit(job_event(told))
    return told


def dataset_event(told: Story) -> DatasetEvent:
    tag = tags_dataset.TagsDatasetFacetFields(key="pii", value="email", source="USER", field="email")
    facets = {
        "schema": columns(id="bigint", email="text"),
        "documentation": documentation_dataset.DocumentationDatasetFacet(description="Wer was bestellt hat, 客户"),
        "ownership": ownership_dataset.OwnershipDatasetFacet(owners=[ownership_dataset.Owner(name="team:shop")]),
        "tags": tags_dataset.TagsDatasetFacet(tags=[tag]),
    }
    dataset = StaticDataset(namespace=STORE, name=told.described, facets=facets)
    return DatasetEvent(eventTime=DAY + "01:00:00Z", dataset=dataset)


def job_event(told: Story) -> JobEvent:
    """A declared job with the explicit lineage facet of 2026."""
    source = lineage.LineageDatasetInput(namespace=STORE, name=told.described, type="DATASET", field="email")
    whole = lineage.LineageDatasetInput(namespace=STORE, name=told.described, type="DATASET")
    entry = lineage.LineageDatasetEntry(
        namespace=STORE, name=told.copied, type="DATASET", inputs=[whole],
        fields={"contact": lineage.LineageFieldEntry(inputs=[source])},
    )
    code = source_code_location_job.SourceCodeLocationJobFacet(
        type="git", url="https://git.example.com/shop/jobs/copy.sql"
    )
    facets = {"sourceCodeLocation": code, "lineage": lineage.LineageJobFacet(entries=[entry])}
    return JobEvent(
        eventTime=DAY + "02:00:00Z",
        job=Job(namespace=told.job_namespace, name=told.declared_job, facets=facets),
        inputs=[InputDataset(namespace=STORE, name=told.described)],
        outputs=[OutputDataset(namespace=STORE, name=told.copied, facets={"schema": columns(contact="text")})],
    )


def small_run(client: OpenLineageClient, number: int) -> tuple[str, str]:
    """Sends START and an end of a small run; gives its id and the state it must end in."""
    run_id = str(generate_new_uuid())
    end, state = [(RunState.COMPLETE, "COMPLETED"), (RunState.FAIL, "FAILED"), (RunState.ABORT, "ABORTED")][number % 3]
    for kind, second in ((RunState.START, 0), (end, 5)):
        time = f"{DAY}08:{number % 60:02}:{second:02}Z"
        job = Job(namespace=MANY, name="many")
        client.emit(RunEvent(eventType=kind, eventTime=time, run=Run(runId=run_id), job=job, inputs=[], outputs=[]))
    return run_id, state
