/**
 * Names that only the server knows, for Tab: keys, fields, members, users, parameters, channels, groups. They are asked for on a
 * connection of their own, so that neither a transaction nor a subscription is in the way and no command has to wait behind them.
 *
 * A question has a deadline and an end: what was found until then is the answer. A server that is slow, or refuses, has no names.
 */
import { replyText } from "../../format/reply-text.ts";
import { Elements, type Reply } from "@sider/resp-protocol/client";
import { requestOf } from "../../arguments.ts";
import type { Client } from "../../client/client.ts";

/** What is asked for. `key` and `group` are those of the command, binary text as all names. */
export type NameQuery =
  | { readonly kind: "keys"; readonly type: string | null }
  | { readonly kind: "fields" | "members" | "scored" | "groups"; readonly key: string }
  | { readonly kind: "consumers"; readonly key: string; readonly group: string }
  | { readonly kind: "users" | "parameters" | "channels" | "shardchannels" };

/** key:2 stands before key:10. */
const NATURAL = new Intl.Collator("en", { numeric: true });
const DEADLINE_MS = 250;
const MOST_NAMES = 500;
/** How many keys SCAN looks at in one call: a server is busy with it for less than a millisecond. */
const SCAN_COUNT = 1000;

/** Opens a connection to where the prompt is connected to, as the same user, with the same database. */
export type OpenConnection = (signal: AbortSignal) => Promise<Client>;

export class ServerNames {
  private readonly open: OpenConnection;
  private connection: Promise<Client> | null = null;

  constructor(open: OpenConnection) {
    this.open = open;
  }

  /** The names that begin with the prefix, sorted; those that were found in time. */
  async find(query: NameQuery, prefix: string): Promise<string[]> {
    const found = new Set<string>();
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const search = this.search(query, prefix, found, deadline).catch(() => this.giveUp(deadline));
    await Promise.race([search, ended(deadline)]);
    // The reply that did not come would be in the way of the next question.
    if (deadline.aborted) this.close();
    return [...found].filter((name) => name.startsWith(prefix)).sort(NATURAL.compare);
  }

  /** The reply to any question; null when there is none in time. */
  async ask(args: readonly string[]): Promise<Reply> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const answer = this.request(args, deadline).catch(() => this.giveUp(deadline));
    const reply = await Promise.race([answer, ended(deadline)]);
    if (deadline.aborted) this.close();
    return reply ?? null;
  }

  /** Ends the connection: the next question is to go to another server, or as another user. */
  close(): void {
    void this.connection?.then(
      (client) => client.close(),
      () => undefined,
    );
    this.connection = null;
  }

  /** After a failure; when time was up before, the connection is another one already. */
  private giveUp(deadline: AbortSignal): void {
    if (!deadline.aborted) this.close();
  }

  private async search(query: NameQuery, prefix: string, found: Set<string>, deadline: AbortSignal): Promise<void> {
    const scan = (request: (cursor: string, match: readonly string[]) => string[], step: 1 | 2): Promise<void> =>
      this.scan(request, step, { prefix, found, deadline });
    const ask = async (...args: string[]): Promise<Reply> => this.request(args, deadline);
    switch (query.kind) {
      case "keys": {
        const type = query.type === null ? [] : ["TYPE", query.type];
        return scan((cursor, match) => ["SCAN", cursor, ...match, ...type], 1);
      }
      case "fields":
        return scan((cursor, match) => ["HSCAN", query.key, cursor, ...match], 2);
      case "members":
        return scan((cursor, match) => ["SSCAN", query.key, cursor, ...match], 1);
      case "scored":
        return scan((cursor, match) => ["ZSCAN", query.key, cursor, ...match], 2);
      case "groups":
        return addNamesOf(await ask("XINFO", "GROUPS", query.key), found);
      case "consumers":
        return addNamesOf(await ask("XINFO", "CONSUMERS", query.key, query.group), found);
      case "users":
        return addEach(await ask("ACL", "USERS"), 1, found);
      case "parameters":
        return addEach(await ask("CONFIG", "GET", `${escapeGlob(prefix)}*`), 2, found);
      case "channels":
        return addEach(await ask("PUBSUB", "CHANNELS", `${escapeGlob(prefix)}*`), 1, found);
      case "shardchannels":
        return addEach(await ask("PUBSUB", "SHARDCHANNELS", `${escapeGlob(prefix)}*`), 1, found);
    }
  }

  /** Walks with a cursor until all was seen, enough was found, or time is up. `step` 2: names have values between them. */
  private async scan(
    request: (cursor: string, match: readonly string[]) => string[],
    step: 1 | 2,
    { prefix, found, deadline }: { prefix: string; found: Set<string>; deadline: AbortSignal },
  ): Promise<void> {
    const match = ["MATCH", `${escapeGlob(prefix)}*`, "COUNT", String(SCAN_COUNT)];
    let cursor = "0";
    do {
      const [next = null, names = null] = valuesOf(await this.request(request(cursor, match), deadline));
      addEach(names, step, found);
      cursor = replyText(next);
    } while (/^[1-9]/.test(cursor) && found.size < MOST_NAMES && !deadline.aborted);
  }

  private async request(args: readonly string[], deadline: AbortSignal): Promise<Reply> {
    let client = await this.connection?.catch(() => null);
    if (client?.isOpen !== true) {
      this.connection = this.open(deadline);
      client = await this.connection;
    }
    return client.send(requestOf(args));
  }
}

/** The field "name" of each row. */
function addNamesOf(reply: Reply, found: Set<string>): void {
  for (const row of valuesOf(reply)) {
    const pairs = valuesOf(row);
    const at = pairs.findIndex((value) => replyText(value) === "name");
    const name = pairs[at + 1];
    if (at >= 0 && name !== undefined) found.add(replyText(name));
  }
}

function addEach(reply: Reply, step: number, found: Set<string>): void {
  for (const [index, value] of valuesOf(reply).entries()) {
    if (index % step === 0) found.add(replyText(value));
  }
}

/** The elements of an array, a set or a map; none of an error. */
function valuesOf(reply: Reply): readonly Reply[] {
  if (reply instanceof Elements) return reply.values;
  return Array.isArray(reply) ? reply : [];
}

function escapeGlob(prefix: string): string {
  return prefix.replace(/[*?[\]\\]/g, "\\$&");
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
