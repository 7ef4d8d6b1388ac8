/**
 * Visits all keys of the selected database with SCAN, a page at a time, in constant memory. The next page is asked for while a page is
 * being visited, so that both wait for the network together; no more than two pages are on their way.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ReplyError, type Reply } from "@sider/resp-protocol/client";
import { INPUT_OUTPUT_ERROR, ModeFailure, orFail } from "../modes/mode-failure.ts";
import type { Session } from "../session/session.ts";
import { Buffer } from "node:buffer";

export interface WalkOptions {
  /** MATCH, binary text. */
  readonly pattern: string | undefined;
  /** COUNT; undefined: the server's own. */
  readonly count: number | undefined;
  /** A pause after so many pages. */
  readonly pause: { readonly ms: number; readonly pages: number };
}

/** What is done with a page; `cursor` is what SCAN gave with it. Its requests are sent before the function first waits. */
export type VisitPage = (keys: readonly Uint8Array[], cursor: string) => Promise<void>;

interface Page {
  readonly cursor: string;
  readonly keys: Uint8Array[];
}

/** Resolves when all keys have been visited, or the visit that runs at `stop` is over. Rejects with a ModeFailure. */
export async function walkKeys(
  session: Session,
  options: WalkOptions,
  stop: AbortSignal,
  visit: VisitPage,
): Promise<void> {
  const { ms, pages } = options.pause;
  let page = await scan(session, "0", options);
  let before = Promise.resolve();
  for (let number = 1; ; number++) {
    const visiting = visit(page.keys, page.cursor);
    const isLast = page.cursor === "0";
    const isPausing = ms > 0 && number % pages === 0;
    const next = isLast || isPausing ? null : scan(session, page.cursor, options);
    // Errors are thrown where they are awaited, in order.
    visiting.catch(() => undefined);
    next?.catch(() => undefined);
    await before;
    if (isLast || isPausing || stop.aborted) await visiting;
    if (isPausing && !stop.aborted) await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
    if (isLast || stop.aborted) return;
    before = visiting;
    page = await (next ?? scan(session, page.cursor, options));
  }
}

/** How many keys the database has. Rejects with a ModeFailure. */
export async function countKeys(session: Session): Promise<number> {
  const reply = await orFail(session.send(["DBSIZE"]), () => INPUT_OUTPUT_ERROR);
  if (reply instanceof ReplyError) throw new ModeFailure(`Couldn't determine DBSIZE: ${reply.message}`);
  if (typeof reply !== "number") throw new ModeFailure("Non INTEGER response from DBSIZE!");
  return reply;
}

async function scan(session: Session, cursor: string, { pattern, count }: WalkOptions): Promise<Page> {
  const request = ["SCAN", cursor];
  const match = pattern === undefined ? [] : ["MATCH", Buffer.from(pattern, "latin1")];
  const hint = count === undefined ? [] : ["COUNT", String(count)];
  return pageOf(await orFail(session.send([...request, ...match, ...hint]), () => INPUT_OUTPUT_ERROR));
}

function pageOf(reply: Reply): Page {
  if (reply instanceof ReplyError) throw new ModeFailure(`SCAN error: ${reply.message}`);
  if (!Array.isArray(reply)) throw new ModeFailure("Non ARRAY response from SCAN!");
  const [cursor, keys] = reply;
  if (reply.length !== 2) throw new ModeFailure("Invalid element count from SCAN!");
  const isPage = cursor instanceof Uint8Array && Array.isArray(keys) && keys.every((key) => key instanceof Uint8Array);
  if (!isPage) throw new ModeFailure("Invalid element types from SCAN!");
  return { cursor: Buffer.from(cursor).toString("latin1"), keys };
}
