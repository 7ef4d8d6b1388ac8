/** Writes commands of a batch back as the multibulk requests that a client would have sent. */
import { PROTOCOL_BYTES } from "./protocol-bytes.ts";
import type { RequestBatch } from "./request-batch.ts";

const { CR, DOLLAR, LF, STAR } = PROTOCOL_BYTES;
/** Type byte, ten digits, line end. */
const HEADER_BYTES = 13;
const LINE_END_BYTES = 2;

/** The commands of `batch` from `command` on as RESP bytes. O(bytes); allocates, for paths that are rare. */
export function encodeBatch(batch: RequestBatch, command: number): Uint8Array {
  const first = batch.commandStarts[command];
  const last = batch.commandStarts[batch.commandCount];
  let bound = (batch.commandCount - command) * HEADER_BYTES;
  for (let index = first; index < last; index++) {
    bound += HEADER_BYTES + batch.argumentLengths[index] + LINE_END_BYTES;
  }
  const bytes = new Uint8Array(bound);
  let at = 0;
  for (let number = command; number < batch.commandCount; number++) {
    const start = batch.commandStarts[number];
    const end = batch.commandStarts[number + 1];
    at = writeHeader(bytes, at, STAR, end - start);
    for (let index = start; index < end; index++) at = writeArgument(bytes, at, batch, index);
  }
  return bytes.subarray(0, at);
}

function writeArgument(bytes: Uint8Array, at: number, batch: RequestBatch, index: number): number {
  const offset = batch.argumentOffsets[index];
  const length = batch.argumentLengths[index];
  const dataAt = writeHeader(bytes, at, DOLLAR, length);
  bytes.set(batch.bytes.subarray(offset, offset + length), dataAt);
  bytes[dataAt + length] = CR;
  bytes[dataAt + length + 1] = LF;
  return dataAt + length + LINE_END_BYTES;
}

function writeHeader(bytes: Uint8Array, at: number, type: number, value: number): number {
  const digits = String(value);
  bytes[at] = type;
  for (let index = 0; index < digits.length; index++) bytes[at + 1 + index] = digits.charCodeAt(index);
  bytes[at + 1 + digits.length] = CR;
  bytes[at + 2 + digits.length] = LF;
  return at + 3 + digits.length;
}
