// Answers that are not held in memory as text: downloads.
import { Problem, readProblem } from "./problem";
import { addressOf, type Asked, type Operation } from "./send";

/** Asks the server and hands out the answer as it comes. Throws a Problem, or the abort of whoever asked. */
export async function requestRaw<O extends Extract<Operation, `GET ${string}`>>(operation: O, asked: Asked<O>, signal?: AbortSignal): Promise<Response> {
  const [, address] = addressOf(operation, asked);
  const response = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: signal ?? null }).catch((thrown: unknown) => {
    if (signal?.aborted) throw thrown;
    throw new Problem({ code: "offline" }, { asked: operation });
  });
  if (!response.ok) throw await readProblem(response, operation);
  return response;
}
