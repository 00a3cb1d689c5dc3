// What pipelines send at their oddest, as OpenLineage events: names of any UTF-8 and of 1,000 characters, a dataset of 10,000
// columns, a graph of 20,000 datasets. The server "odd" is filled with it.
import { randomUUID } from "node:crypto";

const PRODUCER = "https://example.com/walks";
const SCHEMAS = "https://openlineage.io/spec/facets";

/** Runs if a name is ever taken for markup; a walk looks whether it was. */
const MARKUP = "<script>window.ran=1</script><img src=x onerror=window.ran=1>";

/** Names that break what takes names for markup, addresses, patterns, or short. */
export const NAMES = {
  "right to left": "مبيعات.الربع_الأول",
  "an override of direction": "left\u202Ethgir.txt",
  "emoji": "🧑‍🤝‍🧑.📦.orders🏳️‍🌈",
  "combining": `e\u0301${"\u0300\u0316\u0323\u0334".repeat(12)}.ｆｕｌｌ`,
  "control characters": "bell\u0007.tab\there.escape\u001b[31m.\u0085",
  "a line feed": "one\nanother",
  "quotes": "it's.\"quoted\".`ticked`.\\back\\",
  "markup": MARKUP,
  "encoded": "50%2F50%25.100%",
  "an address": "a/b//c?x=1&y=2#top;z",
  "spaces": "  two  spaces  ",
  "expression": "${7*7}.{{7*7}}.*.(?:a+)+$",
  "long without a break": "n".repeat(1_000),
  "long in emoji": "🦊".repeat(1_000),
};
export const ODD_NAMESPACE = `s3://bücket<b>'"%2F?#${"ن".repeat(8)}`;

export const WIDE = { namespace: "wide", name: "wide.table", columns: 10_000, wanted: "column_07777" };
export const TREE = { namespace: "tree", name: "d0", datasets: 20_000, fan: 20 };

/** How many datasets all of it makes. */
export const DATASETS = Object.keys(NAMES).length + 1 + 2 + TREE.datasets;

const facet = (name, version, body) => ({ _producer: PRODUCER, _schemaURL: `${SCHEMAS}/${version}/${name}.json`, ...body });

function run(namespace, job, inputs, outputs, at = new Date()) {
  return {
    eventType: "COMPLETE", eventTime: at.toISOString(), producer: PRODUCER, schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: randomUUID() }, job: { namespace, name: job }, inputs, outputs,
  };
}

/** One dataset a name, made from the same plain one; its column, tag, owner and job bear the name too. */
export function oddEvents() {
  const source = { namespace: ODD_NAMESPACE, name: "source", facets: { schema: facet("SchemaDatasetFacet", "1-1-1", { fields: [{ name: "id", type: "BIGINT" }] }) } };
  return Object.values(NAMES).map((name) => run(ODD_NAMESPACE, name, [source], [{
    namespace: ODD_NAMESPACE, name,
    facets: {
      schema: facet("SchemaDatasetFacet", "1-1-1", { fields: [{ name, type: name, description: name }, { name: "plain", type: "TEXT" }] }),
      documentation: facet("DocumentationDatasetFacet", "1-0-1", { description: name }),
      ownership: facet("OwnershipDatasetFacet", "1-0-1", { owners: [{ name: `team:${name}`, type: name }] }),
      tags: facet("TagsDatasetFacet", "1-0-0", { tags: [{ key: name, value: "true", source: "WALK" }] }),
      columnLineage: facet("ColumnLineageDatasetFacet", "1-2-0", { fields: { [name]: { inputFields: [{ namespace: ODD_NAMESPACE, name: "source", field: "id" }] } } }),
    },
  }]));
}

/** A dataset of 10,000 columns, each made from the column of its name in another. */
export function wideEvents() {
  const names = Array.from({ length: WIDE.columns }, (_, at) => `column_${String(at).padStart(5, "0")}`);
  const schema = facet("SchemaDatasetFacet", "1-1-1", { fields: names.map((name) => ({ name, type: "VARCHAR(255)" })) });
  const source = { namespace: WIDE.namespace, name: "wide.source", facets: { schema } };
  const fields = Object.fromEntries(names.map((name) => [name, { inputFields: [{ namespace: WIDE.namespace, name: "wide.source", field: name }] }]));
  return [run(WIDE.namespace, "widen", [source], [{ namespace: WIDE.namespace, name: WIDE.name, facets: { schema, columnLineage: facet("ColumnLineageDatasetFacet", "1-2-0", { fields }) } }])];
}

/** A tree of 20,000 datasets: each job reads one and writes twenty. */
export function treeEvents() {
  const dataset = (at) => ({ namespace: TREE.namespace, name: `d${at}` });
  return Array.from({ length: Math.ceil((TREE.datasets - 1) / TREE.fan) }, (_, job) => {
    const first = job * TREE.fan + 1;
    const written = Array.from({ length: Math.min(TREE.fan, TREE.datasets - first) }, (__, at) => dataset(first + at));
    return run(TREE.namespace, `job${job}`, [dataset(job)], written);
  });
}
