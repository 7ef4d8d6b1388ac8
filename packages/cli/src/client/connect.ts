/**
 * Connects and says what a server wants to hear first: who the client is, which protocol it speaks, which database it works with.
 *
 *     const client = await connect("rediss://user:password@example.org:6380/2", { tls: { ca } });
 */
import type { Reply } from "@sider/resp-protocol/client";
import { Client, type ClientOptions } from "./client.ts";
import { ConnectionError } from "./connection-error.ts";
import { parseUri } from "./uri.ts";

export interface ConnectOptions extends ClientOptions {
  /** Authenticates as this user; needs `password`. Default: the default user. */
  username?: string | undefined;
  password?: string | undefined;
  /** Selects a database. Default 0. */
  database?: number | undefined;
  /** Switches to RESP3 when 3. Default 2. */
  protocol?: 2 | 3 | undefined;
}

/**
 * Connects to what a URI or the options name, then authenticates, switches the protocol and selects a database, as far as asked for.
 * Rejects with a ConnectionError, or with the server's ReplyError when it refuses one of these; the connection is closed then.
 */
export async function connect(target: string | ConnectOptions = {}, more: ConnectOptions = {}): Promise<Client> {
  const options = typeof target === "string" ? withUri(target, more) : { ...target, ...more };
  const deadlineMs = performance.now() + (options.connectTimeoutMs ?? Infinity);
  const client = await Client.open(options);
  try {
    await inTime(greet(client, options), deadlineMs);
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

/** What the options say counts for more than the URI; they add to `rediss` how TLS is spoken. */
function withUri(uri: string, more: ConnectOptions): ConnectOptions {
  const said = parseUri(uri);
  return { ...said, ...more, tls: more.tls ?? said.tls };
}

async function greet(
  client: Client,
  { username, password, database = 0, protocol = 2 }: ConnectOptions,
): Promise<void> {
  const greetings: Promise<Reply>[] = [];
  if (password !== undefined) {
    greetings.push(client.call(username === undefined ? ["AUTH", password] : ["AUTH", username, password]));
  }
  if (protocol === 3) greetings.push(client.call(["HELLO", "3"]));
  if (database !== 0) greetings.push(client.call(["SELECT", String(database)]));
  await Promise.all(greetings);
}

function inTime(work: Promise<void>, deadlineMs: number): Promise<void> {
  if (deadlineMs === Infinity) return work;
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new ConnectionError("unreachable", "Connection timed out"));
    const timer = setTimeout(late, deadlineMs - performance.now());
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
