/** What the CLI must know of single commands: their replies' kind, what they do to the session, what must not be kept. */
import { beginsWith } from "./arguments.ts";

/** Commands whose reply is a page of text, shown as it is whatever the format. The number is that of arguments, where it matters. */
const PAGES: readonly (readonly [words: string, argumentCount?: number])[] = [
  ["info"],
  ["lolwut"],
  ["debug htstats"],
  ["debug htstats-key"],
  ["debug client-eviction"],
  ["memory malloc-stats"],
  ["memory doctor"],
  ["cluster nodes", 2],
  ["cluster info", 2],
  ["client list"],
  ["client info"],
  ["latency graph", 3],
  ["latency doctor", 2],
  ["proxy info"],
];

/** Whether the reply is a page of text. */
export function repliesWithPage(args: readonly string[]): boolean {
  return PAGES.some(
    ([words, count]) => beginsWith(args, ...words.split(" ")) && (count === undefined || args.length === count),
  );
}

/** Whether the reply has no end: the connection does nothing else from then on. */
export function listens(args: readonly string[]): boolean {
  return isMonitor(args) || subscribes(args);
}

export function isMonitor(args: readonly string[]): boolean {
  return beginsWith(args, "monitor");
}

export function subscribes(args: readonly string[]): boolean {
  return ["subscribe", "psubscribe", "ssubscribe"].some((name) => beginsWith(args, name));
}

/** Whether the arguments may hold a password: such a line is kept out of the history. */
export function isSensitive(args: readonly string[]): boolean {
  if (beginsWith(args, "auth") || beginsWith(args, "acl", "setuser")) return true;
  if (beginsWith(args, "config", "set"))
    return args.slice(2).some((name) => /^(masterauth|masteruser|requirepass)$/i.test(name));
  const mayAuthenticate = beginsWith(args, "hello") || beginsWith(args, "migrate");
  return mayAuthenticate && args.slice(2).some((word) => /^auth2?$/i.test(word));
}
