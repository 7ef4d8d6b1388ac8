/**
 * Replies as a person reads them, for `:set pretty`: RESP2 has no maps, so fields and values come in turn; here they become what RESP3
 * would show. Entries of streams get a row of pairs. What is no such reply stays as it is.
 *
 *     1# "name" => "Ada"          HGETALL, CONFIG GET, XINFO STREAM, ZRANGE WITHSCORES ...
 *     2# "born" => "1815"
 *
 *     1# "1700000000000-0" =>     XRANGE, XREAD: entries by their ids
 *        1# "rider" => "ada"
 */
import { Elements, type Reply } from "@sider/resp-protocol/client";

/** Commands whose reply is pairs. */
const PAIRS =
  /^(hgetall|hello|config get|memory stats|acl getuser|client trackinginfo|pubsub (shard)?numsub|latency histogram|function stats|zpop(min|max))$/i;
/** Commands whose reply is an array of such replies. */
const ROWS = /^(xinfo (groups|consumers)|module list|function list|acl log)$/i;
/** Commands whose reply is pairs with a word among their arguments. */
const MAY_HAVE_PAIRS = /^(z|hrandfield$)/i;
const PAIRS_WITH = /^(withscores|withvalues)$/i;
const STREAM_INFORMATION = /^xinfo stream$/i;
const ENTRIES = /^(xrange|xrevrange|xclaim)$/i;
const STREAMS = /^(xread|xreadgroup)$/i;

/** The reply to show for a command. */
export function prettyReply(args: readonly string[], reply: Reply): Reply {
  if (!Array.isArray(reply)) return STREAMS.test(args[0] ?? "") ? streamsOf(reply) : reply;
  const names = [args[0] ?? "", args.slice(0, 2).join(" ")];
  const is = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (is(ENTRIES)) return entriesOf(reply);
  if (is(STREAMS)) return streamsOf(reply);
  if (is(ROWS)) return reply.map(pairsOf);
  if (is(STREAM_INFORMATION)) return pairsOf(reply.map(entryOf));
  const hasPairs = is(PAIRS) || (is(MAY_HAVE_PAIRS) && args.slice(2).some((word) => PAIRS_WITH.test(word)));
  return hasPairs ? pairsOf(reply) : reply;
}

/** An array of names and values in turn as a map. */
function pairsOf(reply: Reply): Reply {
  if (!Array.isArray(reply) || reply.length === 0 || reply.length % 2 !== 0) return reply;
  return reply.every((value, at) => at % 2 === 1 || isName(value)) ? new Elements("map", reply) : reply;
}

function isName(reply: Reply): boolean {
  return reply instanceof Uint8Array || typeof reply === "string";
}

/** `[id, [field, value, ...]]` as a map of a map; what is no such thing stays. */
function entryOf(reply: Reply): Reply {
  const isEntry = Array.isArray(reply) && reply.length === 2 && isName(reply[0] ?? null) && Array.isArray(reply[1]);
  return isEntry ? mapOfTwos([reply], pairsOf) : reply;
}

/** An array of `[id, [field, value, ...]]` as a map of maps. */
function entriesOf(reply: Reply): Reply {
  return mapOfTwos(reply, pairsOf);
}

/** `[name, [entry, ...]]` of each stream, in RESP3 a map of that. */
function streamsOf(reply: Reply): Reply {
  if (!(reply instanceof Elements)) return mapOfTwos(reply, entriesOf);
  return new Elements(
    reply.type,
    reply.values.map((value, at) => (at % 2 === 1 ? entriesOf(value) : value)),
  );
}

/** An array of name and value each as a map; what is none stays. */
function mapOfTwos(reply: Reply, convert: (value: Reply) => Reply): Reply {
  if (!Array.isArray(reply) || reply.length === 0) return reply;
  const flat: Reply[] = [];
  for (const two of reply) {
    if (!Array.isArray(two) || two.length !== 2) return reply;
    flat.push(two[0] ?? null, convert(two[1] ?? null));
  }
  return new Elements("map", flat);
}
