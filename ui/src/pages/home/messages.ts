// What the start page says.
import { defineMessages, plural } from "#/text/messages";

export const home = defineMessages({
  en: {
    title: "Home",
    failed: "Failing jobs", noneFailed: "No job’s last run failed.", failedCount: (count: number) => plural("en", count, { one: "# job", other: "# jobs" }),
    runs: "Latest runs", noRuns: "No runs yet.", allJobs: "All jobs", allFailed: "All failing jobs",
    changed: "Lately changed datasets", noneChanged: "No datasets yet.", allChanged: "All by last change",
    datasets: "Datasets", jobs: "Jobs", sources: "Namespaces", took: (span: string) => `took ${span}`,
    job: "Job", state: "State", ended: "When", span: "Duration", overview: "Overview",
    connect: "Connect a pipeline",
    connectTitle: "Connect your first pipeline",
    connectLead: "Lethe listens to OpenLineage events. Point a client here, run a pipeline once, and its tables, columns and lineage appear.",
    tokenLead: "Programs show a token. Make one here, or take one that you have.",
    tokenIs: "Your token, shown once. It is in the lines below until you leave this page.",
    makeToken: "Make a token for a pipeline", account: "Service account", namespaces: "Namespaces of its jobs", namespacesWhy: "Names, or beginnings that end in *. * is all.", make: "Make the token",
    forbiddenToken: "You may not make tokens. Ask an administrator for one.",
    waiting: "Waiting for the first event …", arrived: "The first event has arrived.", see: "See the catalog", copyLines: (tool: string) => `Lines for ${tool}`, tools: "Tools",
    demo: "Read more in docs/connect.md: Flink, Dagster, Trino, Java and Marquez’s clients.",
  },
  de: {
    title: "Start",
    failed: "Fehlgeschlagene Jobs", noneFailed: "Von keinem Job ist der letzte Lauf fehlgeschlagen.", failedCount: (count) => plural("de", count, { one: "# Job", other: "# Jobs" }),
    runs: "Letzte Läufe", noRuns: "Noch keine Läufe.", allJobs: "Alle Jobs", allFailed: "Alle fehlgeschlagenen Jobs",
    changed: "Zuletzt geänderte Datensätze", noneChanged: "Noch keine Datensätze.", allChanged: "Alle nach letzter Änderung",
    datasets: "Datensätze", jobs: "Jobs", sources: "Namensräume", took: (span) => `dauerte ${span}`,
    job: "Job", state: "Zustand", ended: "Wann", span: "Dauer", overview: "Überblick",
    connect: "Pipeline anbinden",
    connectTitle: "Erste Pipeline anbinden",
    connectLead: "Lethe hört auf OpenLineage-Ereignisse. Richten Sie einen Client hierher, lassen Sie eine Pipeline einmal laufen, und ihre Tabellen, Spalten und Herkunft erscheinen.",
    tokenLead: "Programme zeigen ein Token vor. Legen Sie hier eines an, oder nehmen Sie eines, das Sie haben.",
    tokenIs: "Ihr Token, nur dieses eine Mal gezeigt. Es steht in den Zeilen unten, bis Sie diese Seite verlassen.",
    makeToken: "Token für eine Pipeline anlegen", account: "Dienstkonto", namespaces: "Namensräume seiner Jobs", namespacesWhy: "Namen, oder Anfänge mit * am Ende. * sind alle.", make: "Token anlegen",
    forbiddenToken: "Sie dürfen keine Token anlegen. Bitten Sie die Verwaltung um eines.",
    waiting: "Wartet auf das erste Ereignis …", arrived: "Das erste Ereignis ist da.", see: "Zum Katalog", copyLines: (tool) => `Zeilen für ${tool}`, tools: "Werkzeuge",
    demo: "Mehr in docs/connect.md: Flink, Dagster, Trino, Java und die Clients von Marquez.",
  },
});
