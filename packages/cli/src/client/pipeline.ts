/**
 * Requests without end through one connection.
 *
 *     for await (const reply of pipeline(client, requests)) ...
 *
 * `send` never waits: a million of them at once are a million requests in memory. Here only some are under way, and more follow as their
 * replies are taken, so that neither requests nor replies pile up.
 */
import type { Reply, RequestArgument } from "@sider/resp-protocol/client";
import type { Client } from "./client.ts";

export type Request = readonly RequestArgument[];

export interface PipelineOptions {
  /** How many requests may wait for their reply. Default 1000. */
  mostWaiting?: number;
}

/** Requests that have not left yet hold back the others from so many bytes on. */
const MOST_BACKLOG_BYTES = 1024 * 1024;

/**
 * Sends what an iterable gives, in batches, and yields the replies in order, ReplyErrors among them. Throws a ConnectionError when the
 * connection ends. Who stops early leaves a connection that can be used: replies that are still to come are dropped.
 */
export async function* pipeline(
  client: Client,
  requests: Iterable<Request> | AsyncIterable<Request>,
  { mostWaiting = 1000 }: PipelineOptions = {},
): AsyncGenerator<Reply, void, undefined> {
  const source = iteratorOf(requests);
  const replies: Promise<Reply>[] = [];
  let next: IteratorResult<Request> | Promise<IteratorResult<Request>> | null = null;
  let isAtEnd = false;
  // Half of the replies are taken before there are more requests, so that these go out together.
  let toTake = 0;
  try {
    for (;;) {
      const hasRoom = replies.length === 0 || client.backlogBytes < MOST_BACKLOG_BYTES;
      if (toTake === 0 && !isAtEnd && hasRoom && replies.length < mostWaiting) {
        next ??= source.next();
        if (!(next instanceof Promise) || (await isFirst(next, replies[0]))) {
          const result = next instanceof Promise ? await next : next;
          next = null;
          if (result.done === true) isAtEnd = true;
          else replies.push(handled(client.send(result.value)));
          continue;
        }
      } else if (toTake === 0) toTake = Math.ceil(replies.length / 2);
      const reply = replies.shift();
      if (reply === undefined) return;
      if (toTake > 0) toTake--;
      yield await reply;
    }
  } finally {
    // Not waited for: a source that is asked for its next request may never answer.
    if (!isAtEnd) void handled(Promise.resolve(source.return?.()));
  }
}

/** Whether there is another request before there is a reply to take. */
function isFirst(request: Promise<unknown>, reply: Promise<Reply> | undefined): Promise<boolean> {
  const yes = (): boolean => true;
  const no = (): boolean => false;
  return reply === undefined ? Promise.resolve(true) : Promise.race([request.then(yes, yes), reply.then(no, no)]);
}

function iteratorOf(requests: Iterable<Request> | AsyncIterable<Request>): Iterator<Request> | AsyncIterator<Request> {
  return Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
}

/** Nobody may look at it any more when it is rejected. */
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}
