/**
 * What several sorted sets, or plain sets whose members all have the score 1, are read through by ZUNION, ZINTER, ZDIFF and their
 * relatives: one class over both kinds.
 */
import { NIL } from "@sider/datastructures";
import {
  lookupRead,
  MemberPlace,
  openRankedCursor,
  openSetCursor,
  RankedCursor,
  setCardinality,
  setContains,
  SetCursor,
  sortedSetCardinality,
  sortedSetLocate,
  TYPE_SET,
  TYPE_SORTED_SET,
  typeOf,
} from "@sider/keyspace-engine";
import type { Keyspace, Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { WRONG_TYPE } from "../../dispatch/error-texts.ts";

const ranked = new RankedCursor();
const unranked = new SetCursor();
const place = new MemberPlace();

/** One of the sets that a command reads. */
export class Source {
  readonly keyspace: Keyspace;
  readonly entry: number;
  readonly isRanked: boolean;
  readonly size: number;
  weight = 1;

  constructor(keyspace: Keyspace, entry: number) {
    const heap = keyspace.heap;
    this.keyspace = keyspace;
    this.entry = entry;
    this.isRanked = entry !== NIL && typeOf(heap, entry) === TYPE_SORTED_SET;
    if (entry === NIL) this.size = 0;
    else this.size = this.isRanked ? sortedSetCardinality(heap, entry) : setCardinality(heap, entry);
  }

  /** Calls `visit` with each member and its score, until that gives false. One walk at a time. */
  forEach(visit: (member: Slice, score: number) => boolean): void {
    const heap = this.keyspace.heap;
    if (this.size === 0) return;
    if (this.isRanked) {
      openRankedCursor(heap, this.entry, ranked);
      for (let isThere = ranked.seek(0); isThere; isThere = ranked.next()) {
        if (!visit(ranked.member, ranked.score)) return;
      }
      return;
    }
    openSetCursor(heap, this.entry, unranked);
    while (unranked.next()) if (!visit(unranked.member, 1)) return;
  }

  /** The score of a member, or NaN. */
  scoreOf(member: Slice): number {
    const { bytes, offset, length } = member;
    if (this.size === 0) return NaN;
    if (!this.isRanked) return setContains(this.keyspace, this.entry, bytes, offset, length) ? 1 : NaN;
    return sortedSetLocate(this.keyspace, this.entry, bytes, offset, length, place) ? place.score : NaN;
  }
}

/** The sets of the keys in arguments [first, last]; refuses another type and gives what it has by then. */
export function readSources(context: CommandContext, first: number, last: number): Source[] {
  const { keyspace, database } = context;
  const sources: Source[] = [];
  for (let index = first; index <= last; index++) {
    const entry = lookupRead(keyspace, database, context.key(index));
    if (entry !== NIL) {
      const type = typeOf(keyspace.heap, entry);
      if (type !== TYPE_SORTED_SET && type !== TYPE_SET) {
        context.refuse(WRONG_TYPE);
        break;
      }
    }
    sources.push(new Source(keyspace, entry));
  }
  return sources;
}
