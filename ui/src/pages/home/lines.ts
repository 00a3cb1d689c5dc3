// The lines that connect a pipeline, with the server's real address. docs/connect.md tells more of each.

/** A tool and its lines. */
export interface Tool {
  id: string;
  name: string;
  lines: (url: string, token: string) => string;
}

const EVENT = (now: string, run: string): string => JSON.stringify({
  eventType: "COMPLETE", eventTime: now, producer: "https://example.com/etl",
  run: { runId: run }, job: { namespace: "etl", name: "orders.daily" },
  inputs: [{ namespace: "postgres://db:5432", name: "shop.public.orders" }],
  outputs: [{ namespace: "postgres://db:5432", name: "shop.mart.revenue" }],
}, null, 2);

/** The tools. */
export const TOOLS: readonly Tool[] = [
  {
    id: "yml", name: "openlineage.yml",
    lines: (url, token) => `transport:\n  type: http\n  url: ${url}\n  auth:\n    type: api_key\n    apiKey: ${token}\n  compression: gzip`,
  },
  {
    id: "airflow", name: "Airflow",
    lines: (url, token) => `pip install apache-airflow-providers-openlineage\n\nexport AIRFLOW__OPENLINEAGE__TRANSPORT='{"type": "http", "url": "${url}",\n  "auth": {"type": "api_key", "apiKey": "${token}"}}'\nexport AIRFLOW__OPENLINEAGE__NAMESPACE=my-airflow`,
  },
  {
    id: "dbt", name: "dbt",
    lines: (url, token) => `pip install openlineage-dbt\n\nexport OPENLINEAGE_URL=${url}\nexport OPENLINEAGE_API_KEY=${token}\nexport OPENLINEAGE_NAMESPACE=my-dbt\ndbt-ol build`,
  },
  {
    id: "spark", name: "Spark",
    lines: (url, token) => `spark-submit \\\n  --packages io.openlineage:openlineage-spark_2.13:1.53.0 \\\n  --conf spark.extraListeners=io.openlineage.spark.agent.OpenLineageSparkListener \\\n  --conf spark.openlineage.transport.type=http \\\n  --conf spark.openlineage.transport.url=${url} \\\n  --conf spark.openlineage.transport.auth.type=api_key \\\n  --conf spark.openlineage.transport.auth.apiKey=${token} \\\n  --conf spark.openlineage.namespace=my-spark \\\n  job.py`,
  },
  {
    id: "curl", name: "curl",
    lines: (url, token) => `curl -i ${url}/api/v1/lineage \\\n  -H 'authorization: Bearer ${token}' \\\n  -H 'content-type: application/json' -d '${EVENT(new Date().toISOString(), crypto.randomUUID())}'`,
  },
];
