/**
 * While a snapshot is being taken, a command that would change a large value which is not saved yet waits until it is: its session stands
 * still, all others go on. Otherwise the value would have to be copied first, and everybody would wait for that.
 *
 * Only commands whose keys cannot be told beforehand still copy: those that waited for a key, and run again.
 */
import { extractKeys, hasKeys } from "@sider/command-spec";
import type { Keyspace } from "@sider/keyspace-engine";
import type { Snapshots } from "@sider/persistence";
import { FLAG_MAY_REPLICATE, FLAG_WRITE } from "../dispatch/command-table.ts";
import type { CommandTable } from "../dispatch/command-table.ts";
import type { Session } from "../session/session.ts";
import type { Transaction } from "../session/transaction.ts";

/** What the gate works with; `Server` is one. */
export interface SnapshotGateParts {
  readonly keyspace: Keyspace;
  readonly table: CommandTable;
  readonly snapshots: Snapshots;
  readonly executor: { defer(action: () => void): void };
}

/** Commands as a batch or a transaction holds them. */
interface Arguments {
  readonly bytes: Uint8Array;
  readonly argumentOffsets: Int32Array;
  readonly argumentLengths: Int32Array;
}

export class SnapshotGate {
  private readonly parts: SnapshotGateParts;

  constructor(parts: SnapshotGateParts) {
    this.parts = parts;
  }

  /** Whether the command whose arguments are [start .. start + count) of a batch must wait. */
  holds(session: Session, number: number, source: Arguments, start: number, count: number): boolean {
    const { table } = this.parts;
    if ((table.flags[number] & (FLAG_WRITE | FLAG_MAY_REPLICATE)) === 0) return false;
    const first = table.firstKey[number];
    if (first === 0) return this.holdsFoundKeys(session, number, source, start, count);
    const last = table.lastKey[number] < 0 ? count + table.lastKey[number] : table.lastKey[number];
    for (let index = first; index <= last && index < count; index += table.keyStep[number]) {
      if (this.holdsKey(session, source, start + index)) return true;
    }
    return false;
  }

  /** Whether any command of a transaction must wait: then all do. */
  holdsTransaction(session: Session, transaction: Transaction): boolean {
    for (let at = 0; at < transaction.count; at++) {
      const start = transaction.commandStarts[at];
      const count = transaction.commandStarts[at + 1] - start;
      if (this.holds(session, transaction.commandNumbers[at], transaction, start, count)) return true;
    }
    return false;
  }

  /** Lets a session wait that `holds` was said of. */
  add(session: Session): void {
    session.paused = true;
    this.parts.snapshots.whenSaved(() => {
      session.paused = false;
      this.parts.executor.defer(() => session.proceed());
    });
  }

  /** For commands that say themselves how many keys they have, and where. */
  private holdsFoundKeys(session: Session, number: number, source: Arguments, start: number, count: number): boolean {
    const command = this.parts.table.commands[number];
    if (!hasKeys(command)) return false;
    const words: string[] = [];
    for (let index = 0; index < count; index++) words.push(textOf(source, start + index));
    return extractKeys(command, words).some((key) => this.holdsKey(session, source, start + key.position));
  }

  private holdsKey(session: Session, source: Arguments, at: number): boolean {
    const { keyspace, snapshots } = this.parts;
    const { bytes } = source;
    const offset = source.argumentOffsets[at];
    const length = source.argumentLengths[at];
    return snapshots.mustWait(session.databaseIndex, bytes, offset, length, keyspace.hash(bytes, offset, length));
  }
}

function textOf(source: Arguments, at: number): string {
  const start = source.argumentOffsets[at];
  let text = "";
  for (let byte = start; byte < start + source.argumentLengths[at]; byte++)
    text += String.fromCharCode(source.bytes[byte]);
  return text;
}
