// How pages ask the server: `send` with the session's token, held while somebody signs in again.
import { Problem } from "./problem";
import { type Answer, type Asked, type Operation, send, type Way } from "./send";
import { csrf, loadSession, signedInAgain } from "./session";

const READS = ["GET ", "HEAD "];

/** Asks the server. Throws a Problem, or the abort of whoever asked. */
export async function request<O extends Operation>(operation: O, asked: Asked<O>, way: Way = {}): Promise<Answer<O>> {
  const attempt = (): Promise<Answer<O>> => {
    const token = csrf();
    const changes = !READS.some((read) => operation.startsWith(read));
    const headers = changes && token !== null ? { ...way.headers, "x-csrf-token": token } : (way.headers ?? {});
    return send(operation, asked, { ...way, headers });
  };
  try {
    return await attempt();
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    // Nothing was done yet: the guard refused before any handler ran.
    if (thrown.status === 401 && (await signedInAgain())) return await attempt();
    if (thrown.code === "cross-site") {
      // Somebody signed in anew in another tab: the token is another one now.
      await loadSession();
      return await attempt();
    }
    throw thrown;
  }
}
