// Every act that is decided on, by its stable name. The API tells them nowhere; a test compares this list with the server's.

/** The verbs of each kind of thing. */
export const ACTS: Readonly<Record<string, readonly string[]>> = {
  event: ["ingest", "read", "import"],
  dead_letter: ["read", "replay", "delete"],
  dataset: ["search", "read", "read_fields", "edit", "classify", "delete", "purge"],
  job: ["search", "read", "edit", "delete", "purge"],
  run: ["read", "edit"],
  lineage: ["read", "export"],
  namespace: ["read", "edit", "delete"],
  source: ["read", "edit"],
  tag: ["read", "write"],
  operation: ["metrics", "followers", "config", "rebuild", "backup"],
  token: ["create", "read", "revoke"],
  session: ["read", "revoke"],
  user: ["read", "write", "password"],
  group: ["read", "write"],
  role: ["read", "assign"],
  service_account: ["read", "write"],
  policy: ["read", "draft", "activate", "decide", "simulate"],
  audit: ["read", "export", "verify", "unseal"],
  access_event: ["write", "read", "unseal"],
  key: ["list", "rotate", "shred", "backup"],
  request: ["create", "read", "cancel", "approve", "waive"],
  hold: ["read", "place", "release"],
  retention: ["read", "write", "approve"],
};

/** Every act, as rules write it. */
export const ALL_ACTS: readonly string[] = Object.entries(ACTS).flatMap(([kind, verbs]) => verbs.map((verb) => `${kind}:${verb}`));
