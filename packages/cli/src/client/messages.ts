/**
 * What SUBSCRIBE, PSUBSCRIBE and MONITOR are answered, message by message.
 *
 *     for await (const message of messages(client, ["SUBSCRIBE", "news"])) ...
 *
 * Who is slower than the server holds it back: while enough messages wait, nothing is read from the connection.
 */
import { ReplyError, type Reply, type RequestArgument } from "@sider/resp-protocol/client";
import type { Client } from "./client.ts";

export interface MessagesOptions {
  /** How many messages may wait, give or take those of one read. Default 1000. */
  mostWaiting?: number;
}

/**
 * Sends the request and yields all that comes, confirmations of SUBSCRIBE included, in RESP2 and RESP3 alike. Throws the server's
 * ReplyError when it refuses, and a ConnectionError when the connection ends. Whoever leaves the loop closes the connection, as
 * nothing else can be done with it.
 */
export async function* messages(
  client: Client,
  args: readonly RequestArgument[],
  { mostWaiting = 1000 }: MessagesOptions = {},
): AsyncGenerator<Reply, never, undefined> {
  const waiting: Reply[] = [];
  let end: Error | null = null;
  let wake = (): void => undefined;
  const listening = client.listen(args, (message) => {
    waiting.push(message);
    if (waiting.length >= mostWaiting) client.pause();
    wake();
  });
  const finish = (error: Error): void => {
    end = error;
    wake();
  };
  listening.then(finish, finish);
  try {
    for (;;) {
      yield* waiting.splice(0);
      client.resume();
      if (waiting.length > 0) continue;
      if (end !== null) throw end as Error;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    if (!((end as Error | null) instanceof ReplyError)) client.close();
  }
}
