// What the pages of the audit log say.
import { defineMessages, plural } from "#/text/messages";

export const audit = defineMessages({
  en: {
    title: "Audit log", readers: "Who read what", verify: "Verify", places: "Pages of the audit",
    // Filters.
    addFilter: "Add filter", filters: "Filters", clear: "Remove all filters", remove: (what: string) => `Remove the filter ${what}`,
    actor: "Actor", action: "Action", outcome: "Outcome", dataset: "Dataset or job", resource: "Resource", subject: "Person concerned", purpose: "Purpose", from: "From", until: "Until",
    done: "done", allowed: "allowed", denied: "denied", failed: "failed",
    typeFilter: "Filter, or outcome:denied", typeValue: (field: string) => `${field}: type or choose`, use: (value: string) => `Use ${value}`, noValue: (field: string) => hintEn(field),
    hours: (count: number) => plural("en", count, { one: "last hour", other: "last # hours" }), days: (count: number) => plural("en", count, { one: "last day", other: "last # days" }),
    you: "you", system: "system", back: "Back",
    // Histogram.
    histogram: "Records over time", byHour: "by hour", byDay: "by day", cutSpan: "Only the last 749 days are counted.",
    histogramHelp: "Drag, or Shift and arrow keys, to choose times; Enter takes them, Escape lets go.",
    bucket: (when: string, parts: string) => `${when}: ${parts}`, nothing: "nothing", chosen: (from: string, until: string) => `Chosen: ${from} to ${until}`,
    // List.
    records: "Records", when: "When", what: "What", about: "About", noneYet: "Nothing is recorded yet", noneYetWhy: "Whatever people do with data and what is refused to them is recorded here.",
    noneFit: "No record fits", noneFitWhy: "These filters leave nothing:", later: "Latest", older: "Older", pages: "Pages", live: "Live", liveOff: "Live is off", liveConnecting: "Connecting", newRecords: (count: number) => plural("en", count, { one: "# new", other: "# new" }), showNew: "Show them",
    liveState: (state: string) => ({ live: "Live: new records appear by themselves", connecting: "Live: connecting", off: "Live: the stream is down; trying again" })[state] ?? state,
    checkShown: "Check these records", checkingShown: (done: number, all: number) => `Checked ${done} of ${all}`, allProven: (count: number) => plural("en", count, { one: "# record is proven", other: "All # records are proven" }), notProven: (count: number) => plural("en", count, { one: "# record is not proven", other: "# records are not proven" }),
    proven: "Proven", unproven: "Not proven", proof: "Proof",
    // Head.
    head: "Signed head", headLine: (size: string) => `${size} records`, checkedHere: (when: string) => `checked in this browser ${when}`, intact: "Intact", headNone: "No head is signed yet", unsigned: "Not signed",
    first: "First head that this browser sees: kept from now on", same: "As this browser saw it last", grown: (size: string) => `Continues the ${size} records that this browser saw last`,
    serverAlarm: "Lethe signs no head any more:", headFault: "The head is not to be believed:", copyKey: "Copy the public key", keyOf: "Key",
    alarmBack: "The audit log went back", alarmFork: "The audit log is another than before",
    alarmBackWhy: "It holds fewer records than this browser has seen signed. Records were removed, or an older backup was put back.",
    alarmForkWhy: "What is signed now does not continue what this browser has seen signed. Records were changed, removed or slipped in.",
    alarmDo: "Copy both heads, tell whoever is responsible, and compare with heads kept elsewhere.",
    alarmKept: "Seen before", alarmNow: "Now", size: "Size", root: "Root", copyHeads: "Copy both heads", acknowledge: "I have seen this …", acknowledgeTitle: "Go on from the new head?",
    acknowledgeWhy: "This browser forgets the head that it saw before and measures the log by the new one from now on. Keep a copy of both heads first.", acknowledgeDo: "Go on from the new head", cancel: "Cancel",
    // Export.
    export: "Export", exportTitle: "Export the log", exportWhat: "What", exportWhole: "The whole log, with its signed heads", exportWholeWhy: "Proves that nothing was left out.",
    exportFiltered: "What the filters leave, each record with its proof", exportFilteredWhy: "Proves each record. That none was left out is not provable.", exportOcsf: "Events in OCSF 1.6, for other tools", exportOcsfWhy: "Proves nothing.",
    exportRecorded: "That you export is recorded.", download: "Download", downloading: (size: string) => `${size} so far`, downloaded: "Downloaded", verifyIt: "Check a bundle on this page, or without Lethe",
    // Record.
    record: "Record", recordOf: (index: string) => `Record #${index}`, by: "By", onBehalfOf: "For", auth: "Recognised by", token: "Token", request: "Request", trace: "Trace", decision: "Decision", policyVersion: "Policy version", rules: "Rules", obligations: "Obligations", noRules: "No rule allows it",
    noDecision: "No decision stands in this record.", change: "Change", before: "Before (SHA-256)", after: "After (SHA-256)", patch: "Difference", more: "Also recorded", raw: "As it was recorded", copyRaw: "Copy the record", sameActor: "All by this actor", sameResource: "All about this",
    sealed: "Sealed values", sealedWhy: "Personal values are kept beside the record, each under a key of its own. Opening them is recorded, with what for.", open: "Open …", openTitle: "Open the sealed values", purposeLabel: "What for", purposeHelp: "One word, such as support or incident/4711: it is recorded", purposeBad: "1 to 128 letters, digits, _ - . /", openDo: "Open", destroyed: "The key was destroyed: nobody can read it any more", slot: "Value", whose: "Whose", value: "Content", hide: "Hide them",
    // Proof.
    proofTitle: "Proof, checked in this browser", checkAgain: "Check again", checking: "Checking", verified: "Proven", refused: "Not proven", unknown: "Could not be checked", waitingHead: "No signed head covers this record yet; that takes about a second.",
    passed: "holds", stepFailed: "does not hold", skipped: "not reached",
    stepRecord: "The record is written in its one form", stepRecordWhy: "It belongs to this log, and its bytes give its hash.",
    stepReceipt: "The receipt is one", stepReceiptWhy: "It names the record’s place in the log and the hashes beside its way to the root.",
    stepSignature: "The head is signed by the log’s key", stepSignatureWhy: "Nobody without that key could have made this head (Ed25519).",
    stepInclusion: "The record is in the log", stepInclusionWhy: "Its hash and those of the receipt lead to exactly the root that was signed.",
    stepGrowth: "The log only grew", stepGrowthWhy: "It continues the head that this browser saw last: nothing before it was changed.",
    receiptFile: "Receipt", recordFile: "Record’s bytes", takeKey: "The key comes from this server: compare it with the one that you were given.", leaf: "Hash", underHead: "Under the head of", entries: (count: string) => `${count} records`,
    // Readers.
    readersWhy: "Who read or exported a dataset, or anything that was derived from it, as the stores told Lethe.", of: "Dataset", ask: "Ask", downstream: "Count what was derived from it", to: "Before", badDataset: "dataset:{namespace}:{name}", badTime: "Not a time",
    askFirst: "Choose a dataset", askFirstWhy: "The answer tells who read it, over what, how often, first and last.", noReaders: "Nobody read it", noReadersWhy: (datasets: string) => `No store told of a read of these ${datasets} datasets in this time. Stores tell their reads like this:`,
    reader: "Reader", hops: "Hops", via: "Over", columns: "Columns", count: "Times", firstSeen: "First", lastSeen: "Last", itself: "itself", moreColumns: "and more", lookedAt: (count: number) => plural("en", count, { one: "# dataset looked at", other: "# datasets looked at" }), readersCount: (count: number) => plural("en", count, { one: "# line", other: "# lines" }),
    hiddenDatasets: (count: number) => plural("en", count, { one: "# dataset in reach is hidden from you: its readers are left out.", other: "# datasets in reach are hidden from you: their readers are left out." }), truncatedWalk: "The lineage is larger than the walk: some datasets were not looked at.", names: "Show names …", namesTitle: "Show readers’ names", namesWhy: "Names are sealed. Opening them is recorded, with what for.", hideNames: "Hide names", nameGone: "name destroyed", believed: "What stores tell is believed, not proven.",
    downloadCsv: "CSV",
    // Verify.
    verifyTitle: "Verify proofs of an audit log", verifyWhy: "Everything is checked in this browser. Nothing is sent anywhere, and Lethe is not asked.",
    drop: "Drop files here, or choose them", dropWhy: "A receipt (.tlog-proof) with its record, or an export (.jsonl). A public key and a signed head that you kept may be files too.", choose: "Choose files", files: "Files", publicKey: "Public key", keyHelp: "As you got it by a way that you trust: name+id+base64", keyBad: "Not a verifier key, or a letter of it is wrong",
    heldHead: "Head that you kept", isReceipt: "Receipt", isEntry: "Record", isBundle: "Export", isKey: "Public key", isHead: "Kept head", removeFile: (name: string) => `Take ${name} away`, needsKey: "The public key is missing.", needsEntry: "The record that the receipt is for is missing.", needsReceipt: "The receipt for the record is missing.", needsFile: "A receipt with its record, or an export, is missing.",
    progress: (records: string, percent: string) => `${records} records, ${percent}`, stop: "Stop", stopped: "Stopped", allVerified: "Everything holds", notVerified: "NOT verified", full: "every record of its range", partial: "chosen records; whether any was left out is not provable", range: "Records", heads: "Signed heads", kind: "Holds", lastHead: "Under the head", anotherLog: "to another log", heldMet: "It continues the head that you kept.", heldNone: "Without a head that you kept, a log that was cut back to an earlier head passes too.",
    tooBig: "The file is too large for a record or receipt.", unreadable: "The file cannot be read.", signIn: "Sign in",
    // Faults.
    where: (parts: string) => `Where: ${parts}`, line: (line: string) => `line ${line}`, atRecord: (index: string) => `record ${index}`, between: (a: string, b: string) => `among records ${a} to ${b}`,
    fault: (code: string, found: string, wanted: string) => faultsEn(found, wanted)[code] ?? code,
  },
  de: {
    title: "Prüfprotokoll", readers: "Wer las was", verify: "Nachprüfen", places: "Seiten der Prüfung",
    addFilter: "Filter", filters: "Filter", clear: "Alle Filter entfernen", remove: (what) => `Filter ${what} entfernen`,
    actor: "Wer", action: "Handlung", outcome: "Ausgang", dataset: "Datensatz oder Job", resource: "Gegenstand", subject: "Betroffene Person", purpose: "Zweck", from: "Ab", until: "Bis",
    done: "geschehen", allowed: "erlaubt", denied: "verweigert", failed: "gescheitert",
    typeFilter: "Filter, oder outcome:denied", typeValue: (field) => `${field}: eingeben oder wählen`, use: (value) => `${value} nehmen`, noValue: (field) => hintDe(field),
    hours: (count) => plural("de", count, { one: "letzte Stunde", other: "letzte # Stunden" }), days: (count) => plural("de", count, { one: "letzter Tag", other: "letzte # Tage" }),
    you: "Sie", system: "System", back: "Zurück",
    histogram: "Einträge über die Zeit", byHour: "je Stunde", byDay: "je Tag", cutSpan: "Nur die letzten 749 Tage werden gezählt.",
    histogramHelp: "Ziehen, oder Umschalt und Pfeiltasten, wählt Zeiten; Eingabe nimmt sie, Escape lässt los.",
    bucket: (when, parts) => `${when}: ${parts}`, nothing: "nichts", chosen: (from, until) => `Gewählt: ${from} bis ${until}`,
    records: "Einträge", when: "Wann", what: "Was", about: "Worüber", noneYet: "Noch ist nichts aufgezeichnet", noneYetWhy: "Was Menschen mit Daten tun und was ihnen verweigert wird, steht hier.",
    noneFit: "Kein Eintrag passt", noneFitWhy: "Diese Filter lassen nichts übrig:", later: "Neueste", older: "Ältere", pages: "Seiten", live: "Live", liveOff: "Live ist aus", liveConnecting: "Verbindet", newRecords: (count) => plural("de", count, { one: "# neuer", other: "# neue" }), showNew: "Zeigen",
    liveState: (state) => ({ live: "Live: neue Einträge erscheinen von selbst", connecting: "Live: verbindet", off: "Live: die Verbindung ist weg; neuer Versuch läuft" })[state] ?? state,
    checkShown: "Diese Einträge prüfen", checkingShown: (done, all) => `${done} von ${all} geprüft`, allProven: (count) => plural("de", count, { one: "# Eintrag ist bewiesen", other: "Alle # Einträge sind bewiesen" }), notProven: (count) => plural("de", count, { one: "# Eintrag ist nicht bewiesen", other: "# Einträge sind nicht bewiesen" }),
    proven: "Bewiesen", unproven: "Nicht bewiesen", proof: "Beweis",
    head: "Signierter Kopf", headLine: (size) => `${size} Einträge`, checkedHere: (when) => `in diesem Browser geprüft ${when}`, intact: "Unversehrt", headNone: "Noch ist kein Kopf signiert", unsigned: "Nicht signiert",
    first: "Der erste Kopf, den dieser Browser sieht: ab jetzt gemerkt", same: "Wie dieser Browser ihn zuletzt sah", grown: (size) => `Setzt die ${size} Einträge fort, die dieser Browser zuletzt sah`,
    serverAlarm: "Lethe signiert keinen Kopf mehr:", headFault: "Dem Kopf ist nicht zu trauen:", copyKey: "Öffentlichen Schlüssel kopieren", keyOf: "Schlüssel",
    alarmBack: "Das Prüfprotokoll ist kürzer geworden", alarmFork: "Das Prüfprotokoll ist ein anderes als zuvor",
    alarmBackWhy: "Es hat weniger Einträge, als dieser Browser signiert gesehen hat. Einträge wurden entfernt, oder eine ältere Sicherung wurde eingespielt.",
    alarmForkWhy: "Was jetzt signiert ist, setzt nicht fort, was dieser Browser signiert gesehen hat. Einträge wurden geändert, entfernt oder eingeschoben.",
    alarmDo: "Kopieren Sie beide Köpfe, sagen Sie es den Zuständigen, und vergleichen Sie mit Köpfen, die anderswo aufbewahrt sind.",
    alarmKept: "Zuvor gesehen", alarmNow: "Jetzt", size: "Größe", root: "Wurzel", copyHeads: "Beide Köpfe kopieren", acknowledge: "Ich habe es gesehen …", acknowledgeTitle: "Vom neuen Kopf an weitermachen?",
    acknowledgeWhy: "Dieser Browser vergisst den Kopf, den er zuvor sah, und misst das Protokoll von jetzt an am neuen. Kopieren Sie vorher beide Köpfe.", acknowledgeDo: "Vom neuen Kopf an weitermachen", cancel: "Abbrechen",
    export: "Exportieren", exportTitle: "Protokoll exportieren", exportWhat: "Was", exportWhole: "Das ganze Protokoll mit seinen signierten Köpfen", exportWholeWhy: "Beweist, dass nichts fehlt.",
    exportFiltered: "Was die Filter übrig lassen, jeder Eintrag mit seinem Beweis", exportFilteredWhy: "Beweist jeden Eintrag. Dass keiner fehlt, ist nicht beweisbar.", exportOcsf: "Ereignisse in OCSF 1.6, für andere Werkzeuge", exportOcsfWhy: "Beweist nichts.",
    exportRecorded: "Dass Sie exportieren, wird aufgezeichnet.", download: "Herunterladen", downloading: (size) => `bisher ${size}`, downloaded: "Heruntergeladen", verifyIt: "Einen Export hier prüfen, oder ohne Lethe",
    record: "Eintrag", recordOf: (index) => `Eintrag #${index}`, by: "Von", onBehalfOf: "Für", auth: "Erkannt an", token: "Token", request: "Anfrage", trace: "Spur", decision: "Entscheidung", policyVersion: "Version der Richtlinie", rules: "Regeln", obligations: "Auflagen", noRules: "Keine Regel erlaubt es",
    noDecision: "In diesem Eintrag steht keine Entscheidung.", change: "Änderung", before: "Vorher (SHA-256)", after: "Nachher (SHA-256)", patch: "Unterschied", more: "Außerdem aufgezeichnet", raw: "Wie es aufgezeichnet wurde", copyRaw: "Eintrag kopieren", sameActor: "Alles von denselben", sameResource: "Alles dazu",
    sealed: "Versiegelte Werte", sealedWhy: "Personenbezogene Werte liegen neben dem Eintrag, jeder unter eigenem Schlüssel. Sie zu öffnen wird aufgezeichnet, samt wofür.", open: "Öffnen …", openTitle: "Versiegelte Werte öffnen", purposeLabel: "Wofür", purposeHelp: "Ein Wort wie support oder incident/4711: es wird aufgezeichnet", purposeBad: "1 bis 128 Buchstaben, Ziffern, _ - . /", openDo: "Öffnen", destroyed: "Der Schlüssel ist vernichtet: niemand kann es mehr lesen", slot: "Wert", whose: "Wessen", value: "Inhalt", hide: "Verbergen",
    proofTitle: "Beweis, in diesem Browser geprüft", checkAgain: "Erneut prüfen", checking: "Wird geprüft", verified: "Bewiesen", refused: "Nicht bewiesen", unknown: "Nicht prüfbar", waitingHead: "Noch deckt kein signierter Kopf diesen Eintrag; das dauert etwa eine Sekunde.",
    passed: "stimmt", stepFailed: "stimmt nicht", skipped: "nicht erreicht",
    stepRecord: "Der Eintrag steht in seiner einen Form", stepRecordWhy: "Er gehört zu diesem Protokoll, und seine Bytes ergeben seinen Hash.",
    stepReceipt: "Der Beleg ist einer", stepReceiptWhy: "Er nennt den Platz des Eintrags und die Hashes neben seinem Weg zur Wurzel.",
    stepSignature: "Der Kopf ist mit dem Schlüssel des Protokolls signiert", stepSignatureWhy: "Ohne diesen Schlüssel hätte niemand diesen Kopf machen können (Ed25519).",
    stepInclusion: "Der Eintrag steht im Protokoll", stepInclusionWhy: "Sein Hash und die des Belegs führen genau zu der Wurzel, die signiert ist.",
    stepGrowth: "Das Protokoll ist nur gewachsen", stepGrowthWhy: "Es setzt den Kopf fort, den dieser Browser zuletzt sah: davor wurde nichts geändert.",
    receiptFile: "Beleg", recordFile: "Bytes des Eintrags", takeKey: "Der Schlüssel kommt von diesem Server: vergleichen Sie ihn mit dem, den man Ihnen gab.", leaf: "Hash", underHead: "Unter dem Kopf von", entries: (count) => `${count} Einträgen`,
    readersWhy: "Wer einen Datensatz oder etwas daraus Abgeleitetes las oder exportierte, wie die Speicher es Lethe sagten.", of: "Datensatz", ask: "Fragen", downstream: "Auch daraus Abgeleitetes zählen", to: "Vor", badDataset: "dataset:{Namensraum}:{Name}", badTime: "Keine Zeit",
    askFirst: "Wählen Sie einen Datensatz", askFirstWhy: "Die Antwort sagt, wer ihn las, worüber, wie oft, zuerst und zuletzt.", noReaders: "Niemand las ihn", noReadersWhy: (datasets) => `Kein Speicher meldete in dieser Zeit, dass einer dieser ${datasets} Datensätze gelesen wurde. So melden Speicher es:`,
    reader: "Wer las", hops: "Schritte", via: "Über", columns: "Spalten", count: "Wie oft", firstSeen: "Zuerst", lastSeen: "Zuletzt", itself: "selbst", moreColumns: "und mehr", lookedAt: (count) => plural("de", count, { one: "# Datensatz angesehen", other: "# Datensätze angesehen" }), readersCount: (count) => plural("de", count, { one: "# Zeile", other: "# Zeilen" }),
    hiddenDatasets: (count) => plural("de", count, { one: "# Datensatz in Reichweite ist für Sie verborgen: wer ihn las, fehlt hier.", other: "# Datensätze in Reichweite sind für Sie verborgen: wer sie las, fehlt hier." }), truncatedWalk: "Die Herkunft reicht weiter als der Gang: einige Datensätze wurden nicht angesehen.", names: "Namen zeigen …", namesTitle: "Namen der Lesenden zeigen", namesWhy: "Namen sind versiegelt. Sie zu öffnen wird aufgezeichnet, samt wofür.", hideNames: "Namen verbergen", nameGone: "Name vernichtet", believed: "Was Speicher melden, wird geglaubt, nicht bewiesen.",
    downloadCsv: "CSV",
    verifyTitle: "Beweise eines Prüfprotokolls nachprüfen", verifyWhy: "Alles wird in diesem Browser geprüft. Nichts wird irgendwohin gesendet, und Lethe wird nicht gefragt.",
    drop: "Dateien hierher ziehen, oder wählen", dropWhy: "Ein Beleg (.tlog-proof) mit seinem Eintrag, oder ein Export (.jsonl). Auch ein öffentlicher Schlüssel und ein aufbewahrter signierter Kopf können Dateien sein.", choose: "Dateien wählen", files: "Dateien", publicKey: "Öffentlicher Schlüssel", keyHelp: "Wie Sie ihn auf vertrauenswürdigem Weg bekamen: name+id+base64", keyBad: "Kein Schlüssel, oder ein Zeichen darin ist falsch",
    heldHead: "Aufbewahrter Kopf", isReceipt: "Beleg", isEntry: "Eintrag", isBundle: "Export", isKey: "Öffentlicher Schlüssel", isHead: "Aufbewahrter Kopf", removeFile: (name) => `${name} wegnehmen`, needsKey: "Der öffentliche Schlüssel fehlt.", needsEntry: "Der Eintrag, für den der Beleg ist, fehlt.", needsReceipt: "Der Beleg für den Eintrag fehlt.", needsFile: "Ein Beleg mit seinem Eintrag, oder ein Export, fehlt.",
    progress: (records, percent) => `${records} Einträge, ${percent}`, stop: "Anhalten", stopped: "Angehalten", allVerified: "Alles stimmt", notVerified: "NICHT bestätigt", full: "jeden Eintrag seines Bereichs", partial: "ausgewählte Einträge; ob einer fehlt, ist nicht beweisbar", range: "Einträge", heads: "Signierte Köpfe", kind: "Enthält", lastHead: "Unter dem Kopf", anotherLog: "zu einem anderen Protokoll", heldMet: "Er setzt den Kopf fort, den Sie aufbewahrt haben.", heldNone: "Ohne einen aufbewahrten Kopf besteht auch ein Protokoll, das auf einen früheren Kopf gekürzt wurde.",
    tooBig: "Die Datei ist zu groß für einen Eintrag oder Beleg.", unreadable: "Die Datei ist nicht lesbar.", signIn: "Anmelden",
    where: (parts) => `Wo: ${parts}`, line: (line) => `Zeile ${line}`, atRecord: (index) => `Eintrag ${index}`, between: (a, b) => `unter den Einträgen ${a} bis ${b}`,
    fault: (code, found, wanted) => faultsDe(found, wanted)[code] ?? code,
  },
});

function hintEn(field: string): string {
  return ({ actor: "An id of somebody (UUID).", resource: "An id (UUID).", subject: "A person’s reference (UUID).", dataset: "Type a few letters of a name.", from: "A time such as 2026-11-20T12:00.", until: "A time such as 2026-11-20T12:00." } as Record<string, string>)[field] ?? "Type a value.";
}

function hintDe(field: string): string {
  return ({ actor: "Die Kennung von jemandem (UUID).", resource: "Eine Kennung (UUID).", subject: "Der Verweis auf eine Person (UUID).", dataset: "Einige Buchstaben eines Namens eingeben.", from: "Eine Zeit wie 2026-11-20T12:00.", until: "Eine Zeit wie 2026-11-20T12:00." } as Record<string, string>)[field] ?? "Einen Wert eingeben.";
}

function faultsEn(found: string, wanted: string): Record<string, string> {
  return {
    "not-utf8": "There are bytes that are no text.", "not-base64": "Something that should be base64 is not, or is spelled otherwise.", "not-a-hash": "A hash does not have 32 bytes.", "not-a-key": "That is no verifier key.", "not-a-note": "That is no signed note.", "not-a-checkpoint": "What is signed is no head of a log.",
    "not-a-receipt": "That is no receipt of the form c2sp.org/tlog-proof@v1.", "not-a-bundle": "That is no line of an audit bundle.", "not-canonical": "It is not written as it was recorded: a byte was changed, or something wrote it anew (an editor that adds a line feed is enough).", "too-long": "A line is longer than any can be.",
    "bad-signature": "The signature is wrong: the head was changed, or made by somebody else.", unsigned: "The head is not signed by this key.", "other-log": `It belongs to another log${found === "" ? "" : ` (${found})`}, not to ${wanted}.`, "proof-length": "The proof has too many or too few hashes.", outside: "The place lies outside of the log.",
    "not-included": "The record is not in the log at this place: it or its proof was changed.", "not-grown": `The log of ${found} records does not continue that of ${wanted}.`, misplaced: "This line has no place here.", order: `A record is missing, repeated or out of order: record ${wanted} had to come, ${found} came.`, "other-records": `The records are not those that the head of ${wanted} records was signed over.`,
    cut: "The file is cut short.", miscounted: `It counts ${wanted} records and holds ${found}.`, unvouched: "No signed head vouches for the last records.", "held-other": `The log is not the one whose head of ${wanted} records you kept.`, "held-shorter": `The log has ${found} records; you kept a head of ${wanted}: records are missing.`, "held-not-met": `The file does not show that the log continues the head of ${wanted} records that you kept.`,
    "no-crypto": "This browser gives no cryptography to pages that came over plain HTTP, or knows no Ed25519. Open Lethe over HTTPS or on localhost.",
  };
}

function faultsDe(found: string, wanted: string): Record<string, string> {
  return {
    "not-utf8": "Es stehen Bytes darin, die kein Text sind.", "not-base64": "Etwas, das Base64 sein müsste, ist keines oder anders geschrieben.", "not-a-hash": "Ein Hash hat nicht 32 Bytes.", "not-a-key": "Das ist kein öffentlicher Schlüssel.", "not-a-note": "Das ist keine signierte Notiz.", "not-a-checkpoint": "Was signiert ist, ist kein Kopf eines Protokolls.",
    "not-a-receipt": "Das ist kein Beleg der Form c2sp.org/tlog-proof@v1.", "not-a-bundle": "Das ist keine Zeile eines Exports.", "not-canonical": "Es steht nicht so da, wie es aufgezeichnet wurde: ein Byte wurde geändert, oder etwas schrieb es neu (ein Editor, der einen Zeilenumbruch anhängt, genügt).", "too-long": "Eine Zeile ist länger, als eine sein kann.",
    "bad-signature": "Die Signatur ist falsch: der Kopf wurde geändert oder von jemand anderem gemacht.", unsigned: "Der Kopf ist nicht mit diesem Schlüssel signiert.", "other-log": `Es gehört zu einem anderen Protokoll${found === "" ? "" : ` (${found})`}, nicht zu ${wanted}.`, "proof-length": "Der Beweis hat zu viele oder zu wenige Hashes.", outside: "Der Platz liegt außerhalb des Protokolls.",
    "not-included": "Der Eintrag steht nicht an diesem Platz im Protokoll: er oder sein Beweis wurde geändert.", "not-grown": `Das Protokoll von ${found} Einträgen setzt das von ${wanted} nicht fort.`, misplaced: "Diese Zeile gehört nicht hierher.", order: `Ein Eintrag fehlt, ist doppelt oder steht falsch: Eintrag ${wanted} musste kommen, ${found} kam.`, "other-records": `Die Einträge sind nicht die, über die der Kopf von ${wanted} Einträgen signiert wurde.`,
    cut: "Die Datei ist abgeschnitten.", miscounted: `Sie zählt ${wanted} Einträge und hat ${found}.`, unvouched: "Kein signierter Kopf steht für die letzten Einträge ein.", "held-other": `Das Protokoll ist nicht das, dessen Kopf von ${wanted} Einträgen Sie aufbewahrt haben.`, "held-shorter": `Das Protokoll hat ${found} Einträge; Sie haben einen Kopf von ${wanted}: Einträge fehlen.`, "held-not-met": `Die Datei zeigt nicht, dass das Protokoll den Kopf von ${wanted} Einträgen fortsetzt, den Sie aufbewahrt haben.`,
    "no-crypto": "Dieser Browser gibt Seiten, die über einfaches HTTP kamen, keine Kryptographie, oder er kennt Ed25519 nicht. Öffnen Sie Lethe über HTTPS oder auf localhost.",
  };
}
