// What is wrong with a proof, and where, in words.
import type { JSX } from "react";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import type { Fault } from "#/tlog";
import { audit } from "./messages";

/** The fault. */
export function FaultText({ fault: { code, place } }: { fault: Fault }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const where = [
    place.line === undefined ? "" : text.line(format.number(place.line)),
    place.index === undefined ? "" : text.atRecord(format.number(place.index)),
    place.between === undefined ? "" : text.between(format.number(place.between[0]), format.number(place.between[1])),
  ].filter(Boolean);
  return <>{text.fault(code, place.found ?? "", place.wanted ?? "")}{where.length > 0 && <> {text.where(where.join(", "))}.</>}</>;
}
