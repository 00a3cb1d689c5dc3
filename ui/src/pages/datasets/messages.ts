// What the page of a dataset says.
import { defineMessages, plural, type Spoken } from "#/text/messages";

const en = {
  title: "Dataset", tabs: "Parts of the dataset", summary: "In short",
  overview: "Overview", schema: "Schema", lineage: "Lineage", quality: "Quality", access: "Access", versions: "Versions", raw: "Raw",
  trace: "Trace lineage", deleted: "Deleted", written: "Written", neverWritten: "Never seen written", named: "Last named", ownedBy: "Owned by",
  columnCount: (count: number) => plural("en", count, { one: "# column", other: "# columns" }),
  used: (count: number) => plural("en", count, { one: "used by # run", other: "used by # runs" }),
  missing: "There is no such dataset", missingWhy: "Nothing of this name is in the catalog, or you may not see it.", search: "Search the catalog", nearest: "Similar names",
  about: "About", name: "Name", namespaceWord: "Namespace", kind: "Kind", source: "Source", unknown: "Not known", never: "Never", copy: "Copy",
  lastWritten: "Last written", lastNamed: "Last named", firstNamed: "First named", lifecycle: "Last state", aliases: "Other names", properties: "Properties",
  personalColumns: "Personal data", allPersonal: (count: number) => plural("en", count, { one: "# column", other: "All # columns" }),
  // Editing
  description: "Description", noDescription: "Nobody has described this yet.", editDescription: "Edit the description", descriptionHelp: "Ctrl+Enter saves, Escape leaves it. Empty: no description.",
  leaveDraft: "What you wrote is not saved. Leave it?",
  owners: "Owners", noOwners: "No owner", editOwners: "Edit the owners", owner: "Owner", role: "Role", addOwner: "Add an owner", removeOwner: (name: string) => `Remove ${name}`, ownersHelp: "Names of people or teams, as rules know them: team:sales.",
  tags: "Tags", noTags: "No tags", addTag: "Add tag", newTag: "New tag", removeTag: (tag: string) => `Take off the tag ${tag}`, tagHelp: "For example gold, domain:sales or class:user.contact.email.",
  columnTagHelp: "Lethe writes new tags of columns in capitals.",
  save: "Save", cancel: "Cancel", saving: "Saving …", saved: "Saved.", undo: "Undo", nothing: "nothing",
  conflict: "Somebody changed this since you opened it.", theirs: "Stands now", mine: "Yours", takeTheirs: "Take what stands", keepMine: "Save mine over it",
  // Schema
  column: "Column", columns: "Columns", type: "Type", classWord: "Class", filterColumns: "Filter columns", clearFilter: "Remove the filter", onlyPersonal: "Only personal data", sort: "Sort",
  by_position: "Position", by_name: "Name", by_type: "Type", columnsOf: (shown: number, all: number) => `${shown} of ${plural("en", all, { one: "# column", other: "# columns" })}`,
  noColumns: "No columns are known", noColumnsWhy: "No event has told a schema, or you may not see any of its columns.", noColumnFits: "No column fits", noColumnFitsWhy: "Names, types, descriptions and tags are searched.",
  traceColumn: (column: string, up: number, down: number) => `Lineage of ${column}: from ${up}, into ${down}`,
  columnNamed: (name: string) => `Column ${name}`, close: "Close", noType: "No type told", columnDescriptionFrom: "Comes with the schema that the pipeline sends.",
  madeFrom: "Made from", madeFromNothing: "Nothing that is known.", goesInto: "Goes into", goesNowhere: "Nothing that is known.", rowsFrom: "Decides over all rows", traceThis: "Trace this column",
  moreOf: (count: number) => `${count} more`, wholeDataset: "whole dataset", masked: "masked",
  // Lineage
  explore: "Open the explorer", noLineage: "No lineage yet", noLineageWhy: "No run has read or written this together with anything else.", leftOut: (count: number) => plural("en", count, { one: "# more is left out here.", other: "# more are left out here." }),
  comesFrom: "Comes from", comesFromNothing: "Nothing that is known: a source.", goesTo: "Goes to", hiddenThings: (count: number) => plural("en", count, { one: "# more that you may not see", other: "# more that you may not see" }),
  noLonger: "no longer", moreUp: (count: number) => `${count} further upstream`, moreDown: (count: number) => `${count} further downstream`, via: "by", hiddenJobs: (count: number) => plural("en", count, { one: "# job you may not see", other: "# jobs you may not see" }),
  seen: (runs: number) => plural("en", runs, { one: "# run", other: "# runs" }),
  // Quality
  noQuality: "No assertions or statistics", noQualityWhy: "Pipelines tell them as facets dataQualityAssertions and dataQualityMetrics, dbt tests for example.",
  assertions: "Assertions", assertion: "Assertion", met: "met", notMet: "not met", metOf: (met: number, all: number) => `${met} of ${all} met`, severity: "Severity", state: "State",
  statistics: "Statistics", writtenRows: "Rows written by run", noWrittenRows: "No run told how many rows it wrote.", run: "Run", job: "Job", rows: "Rows", size: "Size",
  // Access
  span: "Time", lastDays: (days: number) => (days === 365 ? "Last year" : `Last ${days} days`), downstreamToo: "Also of what was derived from it", accessLog: "Access log",
  readers: "Readers", noReaders: "No store has told of anybody who read this in that time.", firstReaders: (count: number) => `The first ${count}`, hiddenReaders: (count: number) => plural("en", count, { one: "Readers of # derived dataset are left out: you may not see it.", other: "Readers of # derived datasets are left out: you may not see them." }),
  who: "Who", readWhat: "What", hops: "Hops", howOften: "Times", first: "First", last: "Last", notTold: "not told", latestAccesses: "Latest accesses", noAccesses: "None in that time.", when: "When", operation: "Operation", purpose: "Purpose",
  // Versions
  schemas: (count: number) => plural("en", count, { one: "# schema", other: "# schemas" }), noSchemas: "No schema yet", firstSchema: "First schema", changes: (count: number) => plural("en", count, { one: "# change", other: "# changes" }), lastSeen: "last seen",
  comparison: "What changed", comparedWith: "Compared with", noDifference: "No difference.", reordered: "The same columns in another order.",
  is_added: "added", is_removed: "removed", is_retyped: "type", is_described: "description",
  history: "Changed by people", noHistory: "Nobody has edited this.", noHistoryYet: "No edits among the latest events.", you: "You", actor: (ref: string) => `…${ref}`, older: "Older", newest: "Newest", restore: "Restore", standing: "stands",
  setDescription: "Description:", clearedDescription: "Description removed", setOwners: "Owners:", setColumns: (count: number) => plural("en", count, { one: "Schema of # column", other: "Schema of # columns" }), setProperties: (names: string) => `Properties: ${names}`,
  tagged: (column: string) => (column === "" ? "Tagged" : `${column} tagged`), untagged: (column: string) => (column === "" ? "Tag taken off" : `Tag taken off ${column}`), hid: "Deleted", broughtBack: "Brought back",
  auditLog: "Audit log", onlyAudit: "From the audit log, which keeps what was not allowed too. What was changed is in the events.",
  // Raw
  facets: "Facets", noFacets: "No facets.", events: "Events", eventsOf: "Of", ownEvents: "The dataset itself", eventsOfWriter: (job: string) => `Written by ${job}`, eventsOfReader: (job: string) => `Read by ${job}`,
  noOwnEvents: "No event is about the dataset alone. Runs that read or wrote it are among their jobs’ events.", noEvents: "No events are kept.", pages: "Pages",
};

/** What the page says, in some language. */
export type DatasetText = Spoken<typeof en>;

const de: DatasetText = {
  title: "Datensatz", tabs: "Teile des Datensatzes", summary: "In Kürze",
  overview: "Überblick", schema: "Schema", lineage: "Herkunft", quality: "Qualität", access: "Zugriffe", versions: "Versionen", raw: "Roh",
  trace: "Herkunft verfolgen", deleted: "Gelöscht", written: "Geschrieben", neverWritten: "Nie geschrieben gesehen", named: "Zuletzt genannt", ownedBy: "Verantwortlich:",
  columnCount: (count) => plural("de", count, { one: "# Spalte", other: "# Spalten" }),
  used: (count) => plural("de", count, { one: "von # Lauf benutzt", other: "von # Läufen benutzt" }),
  missing: "Diesen Datensatz gibt es nicht", missingWhy: "Im Katalog steht nichts dieses Namens, oder Sie dürfen es nicht sehen.", search: "Im Katalog suchen", nearest: "Ähnliche Namen",
  about: "Angaben", name: "Name", namespaceWord: "Namensraum", kind: "Art", source: "Quelle", unknown: "Nicht bekannt", never: "Nie", copy: "Kopieren",
  lastWritten: "Zuletzt geschrieben", lastNamed: "Zuletzt genannt", firstNamed: "Zuerst genannt", lifecycle: "Letzter Zustand", aliases: "Andere Namen", properties: "Eigenschaften",
  personalColumns: "Personenbezogene Daten", allPersonal: (count) => plural("de", count, { one: "# Spalte", other: "Alle # Spalten" }),
  description: "Beschreibung", noDescription: "Noch hat das niemand beschrieben.", editDescription: "Beschreibung bearbeiten", descriptionHelp: "Strg+Eingabe speichert, Escape verwirft. Leer: keine Beschreibung.",
  leaveDraft: "Was Sie geschrieben haben, ist nicht gespeichert. Verwerfen?",
  owners: "Verantwortliche", noOwners: "Niemand verantwortlich", editOwners: "Verantwortliche bearbeiten", owner: "Wer", role: "Rolle", addOwner: "Hinzufügen", removeOwner: (name) => `${name} entfernen`, ownersHelp: "Namen von Personen oder Teams, wie Regeln sie kennen: team:sales.",
  tags: "Schlagwörter", noTags: "Keine Schlagwörter", addTag: "Hinzufügen", newTag: "Neues Schlagwort", removeTag: (tag) => `Schlagwort ${tag} entfernen`, tagHelp: "Zum Beispiel gold, domain:sales oder class:user.contact.email.",
  columnTagHelp: "Lethe schreibt neue Schlagwörter von Spalten in Großbuchstaben.",
  save: "Speichern", cancel: "Abbrechen", saving: "Wird gespeichert …", saved: "Gespeichert.", undo: "Rückgängig", nothing: "nichts",
  conflict: "Jemand hat das geändert, seit Sie es geöffnet haben.", theirs: "Gilt jetzt", mine: "Ihres", takeTheirs: "Übernehmen, was gilt", keepMine: "Meines speichern",
  column: "Spalte", columns: "Spalten", type: "Typ", classWord: "Klasse", filterColumns: "Spalten filtern", clearFilter: "Filter entfernen", onlyPersonal: "Nur personenbezogene", sort: "Ordnen",
  by_position: "Stelle", by_name: "Name", by_type: "Typ", columnsOf: (shown, all) => `${shown} von ${plural("de", all, { one: "# Spalte", other: "# Spalten" })}`,
  noColumns: "Keine Spalten bekannt", noColumnsWhy: "Kein Ereignis hat ein Schema genannt, oder Sie dürfen keine der Spalten sehen.", noColumnFits: "Keine Spalte passt", noColumnFitsWhy: "Gesucht wird in Namen, Typen, Beschreibungen und Schlagwörtern.",
  traceColumn: (column, up, down) => `Herkunft von ${column}: aus ${up}, in ${down}`,
  columnNamed: (name) => `Spalte ${name}`, close: "Schließen", noType: "Kein Typ genannt", columnDescriptionFrom: "Kommt mit dem Schema, das die Pipeline sendet.",
  madeFrom: "Entsteht aus", madeFromNothing: "Nichts Bekanntem.", goesInto: "Geht ein in", goesNowhere: "Nichts Bekanntes.", rowsFrom: "Entscheidet über alle Zeilen", traceThis: "Diese Spalte verfolgen",
  moreOf: (count) => `${count} weitere`, wholeDataset: "ganzer Datensatz", masked: "maskiert",
  explore: "Im Explorer öffnen", noLineage: "Noch keine Herkunft", noLineageWhy: "Kein Lauf hat das zusammen mit anderem gelesen oder geschrieben.", leftOut: (count) => plural("de", count, { one: "# weiterer ist hier ausgelassen.", other: "# weitere sind hier ausgelassen." }),
  comesFrom: "Kommt aus", comesFromNothing: "Nichts Bekanntem: eine Quelle.", goesTo: "Geht nach", hiddenThings: (count) => plural("de", count, { one: "# weiteres, das Sie nicht sehen dürfen", other: "# weitere, die Sie nicht sehen dürfen" }),
  noLonger: "nicht mehr", moreUp: (count) => `${count} weitere davor`, moreDown: (count) => `${count} weitere danach`, via: "durch", hiddenJobs: (count) => plural("de", count, { one: "# Job, den Sie nicht sehen dürfen", other: "# Jobs, die Sie nicht sehen dürfen" }),
  seen: (runs) => plural("de", runs, { one: "# Lauf", other: "# Läufe" }),
  noQuality: "Keine Prüfungen oder Statistiken", noQualityWhy: "Pipelines nennen sie als Facetten dataQualityAssertions und dataQualityMetrics, zum Beispiel Tests von dbt.",
  assertions: "Prüfungen", assertion: "Prüfung", met: "erfüllt", notMet: "nicht erfüllt", metOf: (met, all) => `${met} von ${all} erfüllt`, severity: "Schwere", state: "Zustand",
  statistics: "Statistik", writtenRows: "Geschriebene Zeilen je Lauf", noWrittenRows: "Kein Lauf hat genannt, wie viele Zeilen er schrieb.", run: "Lauf", job: "Job", rows: "Zeilen", size: "Größe",
  span: "Zeit", lastDays: (days) => (days === 365 ? "Letztes Jahr" : `Letzte ${days} Tage`), downstreamToo: "Auch von daraus Abgeleitetem", accessLog: "Zugriffsprotokoll",
  readers: "Leser", noReaders: "Kein Speicher hat genannt, dass in dieser Zeit jemand gelesen hat.", firstReaders: (count) => `Die ersten ${count}`, hiddenReaders: (count) => plural("de", count, { one: "Leser von # abgeleiteten Datensatz fehlen: Sie dürfen ihn nicht sehen.", other: "Leser von # abgeleiteten Datensätzen fehlen: Sie dürfen sie nicht sehen." }),
  who: "Wer", readWhat: "Was", hops: "Schritte", howOften: "Mal", first: "Zuerst", last: "Zuletzt", notTold: "nicht genannt", latestAccesses: "Letzte Zugriffe", noAccesses: "Keine in dieser Zeit.", when: "Wann", operation: "Vorgang", purpose: "Zweck",
  schemas: (count) => plural("de", count, { one: "# Schema", other: "# Schemata" }), noSchemas: "Noch kein Schema", firstSchema: "Erstes Schema", changes: (count) => plural("de", count, { one: "# Änderung", other: "# Änderungen" }), lastSeen: "zuletzt gesehen",
  comparison: "Was sich änderte", comparedWith: "Verglichen mit", noDifference: "Kein Unterschied.", reordered: "Dieselben Spalten in anderer Reihenfolge.",
  is_added: "neu", is_removed: "entfernt", is_retyped: "Typ", is_described: "Beschreibung",
  history: "Von Menschen geändert", noHistory: "Niemand hat das bearbeitet.", noHistoryYet: "Unter den letzten Ereignissen sind keine Änderungen.", you: "Sie", actor: (ref) => `…${ref}`, older: "Ältere", newest: "Neueste", restore: "Wiederherstellen", standing: "gilt",
  setDescription: "Beschreibung:", clearedDescription: "Beschreibung entfernt", setOwners: "Verantwortlich:", setColumns: (count) => plural("de", count, { one: "Schema mit # Spalte", other: "Schema mit # Spalten" }), setProperties: (names) => `Eigenschaften: ${names}`,
  tagged: (column) => (column === "" ? "Schlagwort" : `Schlagwort an ${column}`), untagged: (column) => (column === "" ? "Schlagwort entfernt" : `Schlagwort von ${column} entfernt`), hid: "Gelöscht", broughtBack: "Zurückgeholt",
  auditLog: "Prüfprotokoll", onlyAudit: "Aus dem Prüfprotokoll, das auch Verweigertes festhält. Was geändert wurde, steht in den Ereignissen.",
  facets: "Facetten", noFacets: "Keine Facetten.", events: "Ereignisse", eventsOf: "Von", ownEvents: "Dem Datensatz selbst", eventsOfWriter: (job) => `Geschrieben von ${job}`, eventsOfReader: (job) => `Gelesen von ${job}`,
  noOwnEvents: "Kein Ereignis handelt vom Datensatz allein. Läufe, die ihn lasen oder schrieben, stehen unter den Ereignissen ihrer Jobs.", noEvents: "Keine Ereignisse aufbewahrt.", pages: "Seiten",
};

export const datasets = defineMessages({ en, de });
