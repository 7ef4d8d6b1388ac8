/** What the readers of the value types have in common. */
import type { Keyspace } from "@sider/keyspace-engine";
import type { RdbInput } from "../rdb-input.ts";
import { RdbString } from "../rdb-input.ts";
import type { ListpackDraft } from "./listpack-draft.ts";

/** A count from outside is believed so far when a table is made: 8 MiB for a lie, and a lie ends the reading. */
export const BELIEVED_COUNT = 2 ** 20;

/** A value that is being read. */
export interface Draft {
  readonly keyspace: Keyspace;
  /** The entry that no key has, see holdValue; NIL before there is one, and when the value turns out to be empty. */
  held: number;
  /** Where a value is gathered that will be a listpack. */
  readonly listpack: ListpackDraft;
  /** How many items a counted value says that it has. */
  readonly count: number;
}

/**
 * How the value of a type byte is read. A counted one begins with a number and has so many items; any other is one item. An item is read
 * whole or, where the input does not hold it yet, not at all: false, and nothing has changed.
 */
export interface ValueForm {
  readonly isCounted: boolean;
  begin?(draft: Draft, count: number): void;
  item(draft: Draft, input: RdbInput): boolean;
  end?(draft: Draft, input: RdbInput): void;
}

/** Strings of an item; each reader is done with them before the next item. */
export const first = new RdbString();
export const second = new RdbString();

/** Refuses a value that contradicts its type. */
export function refuse(input: RdbInput, reason: string): never {
  return input.fail("corrupt", reason, input.offset);
}
