/** ZREM and ZREMRANGEBY*. */
import { NIL } from "@sider/datastructures";
import {
  LooseValue,
  openLooseValue,
  removeRankRange,
  sortedSetCardinality,
  sortedSetRemove,
  TYPE_SORTED_SET,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { BY_BYTES, BY_RANK, BY_SCORE, locateRange, ranks, readRange } from "./bounds.ts";
import { afterRemoval } from "./store.ts";

const set = new LooseValue();

/** ZREM key member [member ...] */
export function zrem(context: CommandContext): void {
  const keyspace = context.keyspace;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SORTED_SET);
  if (context.error !== null) return;
  let removed = 0;
  if (entry !== NIL) {
    let left = sortedSetCardinality(keyspace.heap, entry);
    for (let index = 2; index < context.count && left > 0; index++) {
      const { bytes, offset, length } = context.value(index);
      if (!sortedSetRemove(keyspace, entry, bytes, offset, length)) continue;
      removed++;
      left--;
    }
    if (removed > 0) afterRemoval(context, key, entry, removed, "zrem");
  }
  context.reply.integer(removed);
}

/** ZREMRANGEBYRANK key start stop */
export function zremrangebyrank(context: CommandContext): void {
  removeRange(context, BY_RANK, "zremrangebyrank");
}

/** ZREMRANGEBYSCORE key min max */
export function zremrangebyscore(context: CommandContext): void {
  removeRange(context, BY_SCORE, "zremrangebyscore");
}

/** ZREMRANGEBYLEX key min max */
export function zremrangebylex(context: CommandContext): void {
  removeRange(context, BY_BYTES, "zremrangebylex");
}

function removeRange(context: CommandContext, kind: number, event: string): void {
  readRange(context, kind, 2, 3);
  if (context.error !== null) return;
  const keyspace = context.keyspace;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SORTED_SET);
  if (context.error !== null) return;
  let removed = 0;
  if (entry !== NIL) {
    openLooseValue(keyspace.heap, entry, set);
    locateRange(context, set, kind, false);
    removed = ranks.end - ranks.start;
    removeRankRange(keyspace, set, ranks.start, ranks.end);
    if (removed > 0) afterRemoval(context, key, entry, removed, event);
  }
  context.reply.integer(removed);
}
