// Proves records in this browser, one receipt each, a few at a time.
import { useEffect, useRef, useState } from "react";
import { type Api, request } from "#/api";
import { checkReceipt, encodeText, readKey } from "#/tlog";
import { readRecord } from "./record";

const AT_ONCE = 4;

/** Which records were checked, by id, and whether they hold. */
export type Proven = ReadonlyMap<string, boolean>;

/** Where a check of several records is. */
export interface Proving {
  readonly proven: Proven;
  readonly total: number;
  readonly isRunning: boolean;
  readonly error: unknown;
}

const IDLE: Proving = { proven: new Map(), total: 0, isRunning: false, error: null };

/** Checks records against their receipts. Returns how far it is, and how to begin. What was checked before is forgotten
 *  when `about` changes. */
export function useProving(about: string): [Proving, (entries: readonly Api.AuditEntry[]) => void] {
  const [state, setState] = useState(IDLE);
  const run = useRef(new AbortController());
  useEffect(() => () => { run.current.abort(); setState(IDLE); }, [about]);
  const begin = (entries: readonly Api.AuditEntry[]): void => {
    run.current.abort();
    run.current = new AbortController();
    const { signal } = run.current;
    const proven = new Map<string, boolean>();
    const tell = (isRunning: boolean, error: unknown = null): void => { if (!signal.aborted) setState({ proven: new Map(proven), total: entries.length, isRunning, error }); };
    tell(true);
    prove(entries, signal, (id, holds) => { proven.set(id, holds); tell(true); }).then(() => { tell(false); }, (thrown: unknown) => { tell(false, thrown); });
  };
  return [state, begin];
}

async function prove(entries: readonly Api.AuditEntry[], signal: AbortSignal, told: (id: string, holds: boolean) => void): Promise<void> {
  const { key } = await request("GET /api/v1/audit", {}, { signal });
  const verifier = await readKey(key ?? "");
  const left = entries.map(readRecord);
  const work = async (): Promise<void> => {
    for (let record = left.shift(); record !== undefined; record = left.shift()) {
      const receipt = await request("GET /api/v1/audit/records/{id}/receipt", { path: { id: record.id } }, { signal });
      const { isVerified, index } = await checkReceipt(receipt, encodeText(record.entry), verifier);
      signal.throwIfAborted();
      told(record.id, isVerified && index === record.index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
