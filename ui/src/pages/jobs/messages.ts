// What the pages of jobs and runs say.
import { defineMessages, plural } from "#/text/messages";

export const jobs = defineMessages({
  en: {
    title: "Jobs and runs", job: "Job", run: "Run", tabs: "Parts of the job", summary: "In short", overview: "Overview", runs: "Runs", raw: "Raw", trace: "Trace lineage", deleted: "Deleted",
    runCount: (count: number) => plural("en", count, { one: "# run", other: "# runs" }), named: "Last heard of", noOwners: "No owner", ownedBy: "Owned by", partOf: "Started by", renamed: "This job has another name now:",
    missing: "There is no such job", missingWhy: "Nothing of this name is in the catalog, or you may not see it.", search: "Search the catalog", nearest: "Similar names",
    inputs: "Reads", noInputs: "Nothing that is known.", outputs: "Writes", noOutputs: "Nothing that is known.", sql: "SQL",
    latestRuns: "Latest runs", allRuns: "All runs", noRuns: "No runs yet", noRunsWhy: "A run appears with its first event.", lastRuns: (count: number) => plural("en", count, { one: "the last run", other: "the last # runs" }), failedOf: (count: number) => `${count} failed`, median: (span: string) => `median ${span}`,
    durations: (count: number) => plural("en", count, { one: "Duration of # run; the table of runs tells the same", other: "Durations of # runs, the oldest first; the table of runs tells the same" }), notOver: "not over yet",
    about: "About", name: "Name", namespaceWord: "Namespace", owners: "Owners", tags: "Tags", noTags: "No tags", location: "Code", firstNamed: "First heard of", lastNamed: "Last heard of", never: "Never", unknown: "Not known", copy: "Copy",
    state: "State", started: "Started", ended: "Ended", duration: "Duration", reads: "Reads", writes: "Writes", error: "Error", pages: "Pages", newest: "Newest", older: "Older",
    runAt: (at: string) => `Run of ${at}`, stack: "Stack trace", nominal: "Stands for", runId: "Id", givenId: "Id as sent", around: "Around it", startedBy: "Started by", byNoRun: "No other run", root: "Top of its tree",
    children: (count: number) => plural("en", count, { one: "It started # run", other: "It started # runs" }),
    rowCount: (count: number) => plural("en", count, { one: "# row", other: "# rows" }), facetCount: (count: number) => plural("en", count, { one: "# facet", other: "# facets" }),
    facets: "Facets", noFacets: "No facets.", events: "Events", noEvents: "No events are kept.",
  },
  de: {
    title: "Jobs und Läufe", job: "Job", run: "Lauf", tabs: "Teile des Jobs", summary: "In Kürze", overview: "Überblick", runs: "Läufe", raw: "Roh", trace: "Herkunft verfolgen", deleted: "Gelöscht",
    runCount: (count) => plural("de", count, { one: "# Lauf", other: "# Läufe" }), named: "Zuletzt gehört", noOwners: "Niemand verantwortlich", ownedBy: "Verantwortlich:", partOf: "Gestartet von", renamed: "Dieser Job heißt jetzt anders:",
    missing: "Diesen Job gibt es nicht", missingWhy: "Im Katalog steht nichts dieses Namens, oder Sie dürfen es nicht sehen.", search: "Im Katalog suchen", nearest: "Ähnliche Namen",
    inputs: "Liest", noInputs: "Nichts Bekanntes.", outputs: "Schreibt", noOutputs: "Nichts Bekanntes.", sql: "SQL",
    latestRuns: "Letzte Läufe", allRuns: "Alle Läufe", noRuns: "Noch keine Läufe", noRunsWhy: "Ein Lauf erscheint mit seinem ersten Ereignis.", lastRuns: (count) => plural("de", count, { one: "der letzte Lauf", other: "die letzten # Läufe" }), failedOf: (count) => `${count} fehlgeschlagen`, median: (span) => `Median ${span}`,
    durations: (count) => plural("de", count, { one: "Dauer von # Lauf; die Tabelle der Läufe sagt dasselbe", other: "Dauer von # Läufen, die ältesten zuerst; die Tabelle der Läufe sagt dasselbe" }), notOver: "noch nicht zu Ende",
    about: "Angaben", name: "Name", namespaceWord: "Namensraum", owners: "Verantwortliche", tags: "Schlagwörter", noTags: "Keine Schlagwörter", location: "Code", firstNamed: "Zuerst gehört", lastNamed: "Zuletzt gehört", never: "Nie", unknown: "Nicht bekannt", copy: "Kopieren",
    state: "Zustand", started: "Begonnen", ended: "Beendet", duration: "Dauer", reads: "Liest", writes: "Schreibt", error: "Fehler", pages: "Seiten", newest: "Neueste", older: "Ältere",
    runAt: (at) => `Lauf vom ${at}`, stack: "Aufrufstapel", nominal: "Steht für", runId: "Kennung", givenId: "Kennung wie gesendet", around: "Umgebung", startedBy: "Gestartet von", byNoRun: "Keinem anderen Lauf", root: "Spitze seines Baums",
    children: (count) => plural("de", count, { one: "Er hat # Lauf gestartet", other: "Er hat # Läufe gestartet" }),
    rowCount: (count) => plural("de", count, { one: "# Zeile", other: "# Zeilen" }), facetCount: (count) => plural("de", count, { one: "# Facette", other: "# Facetten" }),
    facets: "Facetten", noFacets: "Keine Facetten.", events: "Ereignisse", noEvents: "Keine Ereignisse aufbewahrt.",
  },
});
