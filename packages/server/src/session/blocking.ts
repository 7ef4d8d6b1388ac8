/**
 * Commands that wait: a handler that finds nothing to serve calls `context.waitForKeys` and returns without a reply. Its session stops,
 * its request is kept, and the handler runs again from its beginning when one of the keys may serve it; then it replies, or waits on in
 * its place. Who came first is served first.
 */

/** What a session that waited too long is told. */
export type TimeoutReply = "null" | "nullArray";
