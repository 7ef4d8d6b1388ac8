/**
 * Reads one value of any type but a string, in parts as they arrive, and builds it in a keyspace's heap under no key. What is wrong with it
 * is an RdbError; then, and when there is no memory, nothing of it is left.
 */
import { NIL } from "@sider/datastructures";
import { dropHeldValue, type Keyspace } from "@sider/keyspace-engine";
import { PREPARED } from "../ahead/prepared-types.ts";
import { RdbError } from "../rdb-format.ts";
import type { RdbInput } from "../rdb-input.ts";
import { hashForm, hashListpackForm, hashPreparedForm, hashZiplistForm, hashZipmapForm } from "./hash.ts";
import { listForm, listNodesForm, listPreparedForm, listZiplistForm, listZiplistNodesForm } from "./list.ts";
import { ListpackDraft } from "./listpack-draft.ts";
import { StreamReader } from "./read-stream.ts";
import { setForm, setIntsetForm, setListpackForm, setPreparedForm, setPreparedIntsetForm } from "./set.ts";
import {
  sortedSetForm,
  sortedSetListpackForm,
  sortedSetPreparedForm,
  sortedSetTextForm,
  sortedSetZiplistForm,
} from "./sorted-set.ts";
import type { Draft, ValueForm } from "./value-form.ts";

/** By type byte. */
const FORMS: Readonly<Record<number, ValueForm>> = {
  1: listForm,
  2: setForm,
  3: sortedSetTextForm,
  4: hashForm,
  5: sortedSetForm,
  9: hashZipmapForm,
  10: listZiplistForm,
  11: setIntsetForm,
  12: sortedSetZiplistForm,
  13: hashZiplistForm,
  14: listZiplistNodesForm,
  16: hashListpackForm,
  17: sortedSetListpackForm,
  18: listNodesForm,
  20: setListpackForm,
  [PREPARED + 11]: setPreparedIntsetForm,
  [PREPARED + 16]: hashPreparedForm,
  [PREPARED + 17]: sortedSetPreparedForm,
  [PREPARED + 18]: listPreparedForm,
  [PREPARED + 20]: setPreparedForm,
};
const STREAM_TYPES: readonly number[] = [15, 19, 21];
const NOT_BEGUN = -1;
/** What a step may read beyond its first item: it is to take microseconds. */
const ITEMS_A_STEP = 16;
const BYTES_A_STEP = 1024;

/** Whether a value of this type byte can be read. */
export function canReadValue(type: number): boolean {
  return (type < PREPARED && type in FORMS) || STREAM_TYPES.includes(type);
}

/** Whether it is a type of dumps that were prepared, see `ahead/prepared-types.ts`. */
export function canReadPrepared(type: number): boolean {
  return type >= PREPARED && type in FORMS;
}

export class ValueReader implements Draft {
  readonly keyspace: Keyspace;
  readonly listpack = new ListpackDraft();
  count = 0;
  held: number = NIL;
  /** The value is in `held`, or was an empty one, which no key can have: then that is NIL. */
  isComplete = false;
  /** Why the last value was refused, in Redis's words; for a log. */
  refusal = "";
  #form: ValueForm | null = null;
  #left = NOT_BEGUN;
  readonly #stream = new StreamReader();

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  /** Readies the reader for a value of a type that canReadValue. */
  begin(type: number): void {
    this.held = NIL;
    this.isComplete = false;
    this.refusal = "";
    this.#left = NOT_BEGUN;
    this.#form = FORMS[type] ?? null;
    if (this.#form === null) this.#stream.begin(this, type);
  }

  /** Reads the next part; false when the input does not hold it yet. @throws RdbError, OutOfMemoryError */
  step(input: RdbInput): boolean {
    try {
      if (this.#form !== null) return this.#stepOfForm(this.#form, input);
      const isRead = this.#stream.step(input);
      this.isComplete = this.#stream.isComplete;
      return isRead;
    } catch (error) {
      this.abandon();
      if (error instanceof RdbError) this.refusal = error.reason;
      throw error;
    }
  }

  /** Frees what there is of the value. */
  abandon(): void {
    if (this.held !== NIL) dropHeldValue(this.keyspace.heap, this.held);
    this.held = NIL;
  }

  /** Hands the value over: it is the caller's to place or drop. */
  take(): number {
    const held = this.held;
    this.held = NIL;
    return held;
  }

  #stepOfForm(form: ValueForm, input: RdbInput): boolean {
    if (this.#left === NOT_BEGUN) return this.#beginForm(form, input);
    if (!form.item(this, input)) return false;
    const lastByte = input.offset + BYTES_A_STEP;
    let items = 1;
    // Small items go several to a step, as long as the input has them.
    for (; items < this.#left && items < ITEMS_A_STEP && input.offset < lastByte; items++) {
      input.beginStep();
      if (form.item(this, input)) continue;
      input.repeatStep();
      break;
    }
    this.#left -= items;
    if (this.#left === 0) this.#endForm(form, input);
    return true;
  }

  #beginForm(form: ValueForm, input: RdbInput): boolean {
    if (form.isCounted && !input.readLength()) return false;
    this.count = form.isCounted ? input.length : 1;
    this.#left = this.count;
    if (this.#left === 0) this.isComplete = true;
    else form.begin?.(this, this.#left);
    return true;
  }

  #endForm(form: ValueForm, input: RdbInput): void {
    form.end?.(this, input);
    this.isComplete = true;
  }
}
