// The question of the policy test as its page's address carries it: "Can [who] [do] on [what]?", in the words that cases of
// a policy are written in (docs/policy.md). Pages that link to the test write `what` by `datasetWhat`.
import type { Api } from "#/api";

const DATASET = /^dataset (\S+) named (\S+)$/;

/** Writes a dataset of the catalog as what is asked about. */
export function datasetWhat(namespace: string, name: string): string {
  // Only what would end a word is written otherwise, so that names stay readable.
  const word = (text: string): string => text.replaceAll(/[%\s]/g, encodeURIComponent);
  return `dataset ${word(namespace)} named ${word(name)}`;
}

/** Reads a dataset of the catalog, if that is what is asked about. */
export function datasetOf(what: string): { namespace: string; name: string } | null {
  const [, namespace, name] = DATASET.exec(what) ?? [];
  try {
    return namespace === undefined || name === undefined ? null : { namespace: decodeURIComponent(namespace), name: decodeURIComponent(name) };
  } catch {
    return null;
  }
}

/** A word such as `role:viewer`: what stands before its first colon, and what after it. */
function wordsOf(text: string): { key: string; value: string }[] {
  return text.trim().split(/\s+/).filter(Boolean).map((word) => {
    const at = word.indexOf(":");
    return at < 0 ? { key: "", value: word } : { key: word.slice(0, at), value: word.slice(at + 1) };
  });
}

const valuesOf = (words: readonly { key: string; value: string }[], key: string): string[] => words.filter((word) => word.key === key).map((word) => word.value);

const WHO_WORDS = ["role", "group", "auth", "scope", "ns"];
const WHAT_WORDS = ["ns", "domain", "tag", "class", "owner"];
/** Said of what cannot all be read: it may have any tag, class or owner. */
const UNREADABLE = "unreadable";

/** Words that are not understood, among those that follow the first. */
export function unknownWords(text: string, of: "who" | "what"): string[] {
  if (of === "what" && datasetOf(text) !== null) return [];
  const known = of === "who" ? WHO_WORDS : WHAT_WORDS;
  return wordsOf(text).slice(1).filter((word) => !known.includes(word.key) && !(of === "what" && word.key === "" && word.value === UNREADABLE)).map((word) => (word.key === "" ? word.value : `${word.key}:${word.value}`));
}

/** Reads who is asked about, and how they are recognised. */
export function readWho(text: string): { principal: Api.PrincipalAsked; auth: string | null } {
  const [first, ...words] = wordsOf(text);
  const reference = first === undefined ? "" : first.key === "" ? (first.value === "anonymous" ? first.value : `user:${first.value}`) : `${first.key}:${first.value}`;
  const roles = valuesOf(words, "role").map((one) => {
    const [role = "", domain] = one.split("@");
    return domain === undefined ? { role } : { role, domain };
  });
  const [groups, scopes, namespaces] = [valuesOf(words, "group"), valuesOf(words, "scope"), valuesOf(words, "ns")];
  const principal: Api.PrincipalAsked = {
    reference,
    ...(roles.length > 0 ? { roles } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(scopes.length > 0 ? { scopes: scopes.join("|") } : {}),
    ...(namespaces.length > 0 ? { namespaces } : {}),
  };
  return { principal, auth: valuesOf(words, "auth")[0] ?? null };
}

/** Reads the attributes of what is asked about. Empty means whatever the act is about, of which nothing else is known. */
export function readWhat(text: string, act: string): Api.ResourceAsked {
  const [first, ...words] = wordsOf(text);
  const kind = first?.value ?? act.split(":")[0] ?? "";
  const [namespace] = valuesOf(words, "ns");
  const [domain] = valuesOf(words, "domain");
  const [tags, classes, owners] = [valuesOf(words, "tag"), valuesOf(words, "class"), valuesOf(words, "owner")];
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(domain === undefined ? {} : { domain }),
    ...(tags.length > 0 ? { tags } : {}),
    ...(classes.length > 0 ? { classes } : {}),
    ...(owners.length > 0 ? { owners } : {}),
    ...(valuesOf(words, "").includes(UNREADABLE) ? { unreadable: true } : {}),
  };
}

/** Writes attributes in the words that `readWhat` reads. */
export function writeWhat(resource: Api.ResourceAsked): string {
  const { kind, namespace, domain, tags = [], classes = [], owners = [], unreadable = false } = resource;
  const words = [
    ...(namespace == null ? [] : [`ns:${namespace}`]),
    ...(domain == null ? [] : [`domain:${domain}`]),
    ...tags.map((tag) => `tag:${tag}`), ...classes.map((one) => `class:${one}`), ...owners.map((owner) => `owner:${owner}`),
    ...(unreadable ? [UNREADABLE] : []),
  ];
  return [kind, ...words].join(" ");
}

/** Writes whoever is signed in as who is asked about. */
export function meAsWho(me: Api.Me): string {
  return me.kind === "anonymous" ? "anonymous" : `${me.kind}:${me.name}`;
}

/** What a whole question is asked with. `who` empty is whoever asks. */
export function readQuestion(asked: { who: string; do: string; what: string; purpose: string; at: string }, me: Api.Me): Api.DecideAsked {
  const { principal, auth } = asked.who.trim() === "" ? { principal: { reference: meAsWho(me) }, auth: me.auth } : readWho(asked.who);
  const dataset = datasetOf(asked.what);
  const context: Api.ContextAsked = {
    ...(asked.purpose === "" ? {} : { purpose: asked.purpose }),
    ...(asked.at === "" ? {} : { time: new Date(asked.at).toISOString() }),
    ...(auth === null ? {} : { auth }),
  };
  return { principal, action: asked.do, ...(dataset === null ? { resource: readWhat(asked.what, asked.do) } : { dataset }), context };
}
