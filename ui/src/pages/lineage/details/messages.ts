// What the parts of this room say that come only when they are opened: panel, paths, times, table.
import { defineMessages, plural } from "#/text/messages";

const en = (number: number, one: string, other: string): string => plural("en", number, { one, other });
const de = (number: number, one: string, other: string): string => plural("de", number, { one, other });

export const details = defineMessages({
  en: {
    rowsCsv: "Rows (CSV)", copyNames: "Copy names", compare: "Compared with", apply: "Show", ago: (what: string) => `${what} ago`, hour: "1 hour", day: "1 day", week: "7 days",
    month: "30 days", timeWhy: "What was known to flow at a moment, and what has changed since another.", cancel: "Cancel", pathFrom: "Path from here", pathTo: "Path to here",
    pickFrom: "Choose where the path starts", pickTo: "Choose where it ends", noPath: "No path leads from one to the other.", otherWay: "Try the other way",
    pathAt: (at: number, count: string) => `Path ${at} of ${count}`, hops: (count: number) => en(count, "# hop", "# hops"), nextPath: "Next path", previousPath: "Previous path",
    endPath: "Leave the path", swap: "Swap", atLeast: (count: number) => `${count} or more`, pathOver: (jobs: string) => `over ${jobs}`,
    nodes: (count: number) => en(count, "# node", "# nodes"), closePanel: "Close", details: "Details", openGroup: "Open the group", feeds: "Feeds", fedBy: "Fed by",
    description: "Description", owners: "Owners", tags: "Tags", written: "Last written", uses: "Reads and writes", members: "In it", whatColumns: "Columns in this lineage",
    moreOnes: (count: number) => `${count} more`, traceColumn: "Trace this column", hiddenWhy: "The policy keeps from you what this is. What flows through it is shown.",
    hiddenHandWhy: "Hidden in this view. What flows through it is shown.", whyHidden: "Why? Test the policy", origin: "Known because", observed: "a run did it", inferred: "inputs × outputs (inferred)", pathCut: "The search was cut short; there may be others.",
    declared: "somebody declared it", seen: "Seen", seenRuns: (count: number) => en(count, "# run", "# runs"), transformations: "What is done", masking: "masking",
    hopsHead: "Hops", via: "Via", carry: "Carries", columnsHead: "Columns", tableEmpty: "Nothing else is shown.", chosen: (count: number) => `${count} chosen`,
    direction: "Direction", bothWays: "Both ways", onlyUp: "Upstream", onlyDown: "Downstream",
  },
  de: {
    rowsCsv: "Zeilen (CSV)", copyNames: "Namen kopieren", compare: "Verglichen mit", apply: "Zeigen", ago: (what) => `vor ${what}`, hour: "1 Stunde", day: "1 Tag", week: "7 Tagen",
    month: "30 Tagen", timeWhy: "Was zu einem Zeitpunkt als Fluss bekannt war, und was sich seit einem anderen geändert hat.", cancel: "Abbrechen", pathFrom: "Weg von hier",
    pathTo: "Weg hierher", pickFrom: "Wählen Sie, wo der Weg beginnt", pickTo: "Wählen Sie, wo er endet", noPath: "Kein Weg führt vom einen zum anderen.",
    otherWay: "Andersherum suchen", pathAt: (at, count) => `Weg ${at} von ${count}`, hops: (count) => de(count, "# Schritt", "# Schritte"), nextPath: "Nächster Weg",
    previousPath: "Voriger Weg", endPath: "Weg verlassen", swap: "Tauschen", atLeast: (count) => `${count} oder mehr`, pathOver: (jobs) => `über ${jobs}`,
    nodes: (count) => de(count, "# Knoten", "# Knoten"), closePanel: "Schließen", details: "Einzelheiten", openGroup: "Gruppe öffnen", feeds: "Speist", fedBy: "Gespeist von",
    description: "Beschreibung", owners: "Verantwortlich", tags: "Tags", written: "Zuletzt geschrieben", uses: "Gelesen und geschrieben", members: "Darin",
    whatColumns: "Spalten in dieser Herkunft", moreOnes: (count) => `${count} weitere`, traceColumn: "Dieser Spalte folgen",
    hiddenWhy: "Die Richtlinie verbirgt, was das ist. Was hindurchfließt, ist zu sehen.", hiddenHandWhy: "In dieser Ansicht ausgeblendet. Was hindurchfließt, ist zu sehen.",
    whyHidden: "Warum? Richtlinie prüfen", origin: "Bekannt, weil", observed: "ein Lauf es getan hat", inferred: "Eingaben × Ausgaben (erschlossen)", pathCut: "Die Suche wurde abgebrochen; es kann weitere geben.", declared: "jemand es erklärt hat", seen: "Gesehen",
    seenRuns: (count) => de(count, "# Lauf", "# Läufe"), transformations: "Was geschieht", masking: "maskierend", hopsHead: "Schritte", via: "Über", carry: "Trägt",
    columnsHead: "Spalten", tableEmpty: "Sonst ist nichts zu sehen.", chosen: (count) => `${count} gewählt`, direction: "Richtung", bothWays: "Beide", onlyUp: "Stromauf",
    onlyDown: "Stromab",
  },
});
