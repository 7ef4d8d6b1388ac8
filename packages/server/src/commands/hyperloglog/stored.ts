/** HyperLogLogs as string values: finding them, and storing a draft in their place. */
import { copyBytes, HyperLogLogDraft, isDenseHyperLogLog, isHyperLogLog, NIL } from "@sider/datastructures";
import {
  ENCODING_RAW,
  encodingOf,
  expiryOf,
  NO_EXPIRY,
  readString,
  resizeString,
  setBytes,
  Slice,
  stringLength,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

export const CORRUPTED = "INVALIDOBJ Corrupted HLL object detected";
const NOT_A_HYPERLOGLOG = "WRONGTYPE Key is not a valid HyperLogLog string value.";

/** The one that is being changed; commands run one after the other. */
export const draft = new HyperLogLogDraft();
const draftSlice = new Slice();
const written = new Slice();

/** Points `out` at the bytes of a string entry; refuses one that is no HyperLogLog. False for that, and for NIL. */
export function readHyperLogLog(context: CommandContext, entry: number, out: Slice): boolean {
  if (entry === NIL || context.error !== null) return false;
  readString(context.keyspace.heap, entry, out);
  if (isHyperLogLog(out.bytes, out.offset, out.length)) return true;
  context.refuse(NOT_A_HYPERLOGLOG);
  return false;
}

/** As `readHyperLogLog`, for changing it: its bytes may be written, and its encoding is raw from now on. */
export function openHyperLogLog(context: CommandContext, key: Key, out: Slice): number {
  const { keyspace, database } = context;
  const { heap } = keyspace;
  const entry = context.writeString(key);
  if (!readHyperLogLog(context, entry, out) || encodingOf(heap, entry) === ENCODING_RAW) return entry;
  const raw = resizeString(keyspace, database, key, entry, stringLength(heap, entry));
  readString(heap, raw, out);
  return raw;
}

/** Stores the draft under `key`, in place of the string `entry` or NIL. Throws OutOfMemoryError with nothing changed. */
export function storeDraft(context: CommandContext, key: Key, entry: number): void {
  const { keyspace, database } = context;
  const { heap } = keyspace;
  const { bytes, length } = draft;
  if (entry === NIL || (isDenseHyperLogLog(bytes, 0) && stringLength(heap, entry) !== length)) {
    const expiresAtMs = entry === NIL ? NO_EXPIRY : expiryOf(heap, entry);
    setBytes(keyspace, database, key, entry, draftSlice.set(bytes, 0, length), ENCODING_RAW, expiresAtMs);
    return;
  }
  const target = readString(heap, resizeString(keyspace, database, key, entry, length), written);
  copyBytes(target.bytes, target.offset, bytes, 0, length);
}
