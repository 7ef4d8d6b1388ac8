/**
 * Complete requests that were found in one piece of input, as numbers:
 *
 *     bytes            *2 $3 GET $1 a  *1 $4 PING            (headers and line ends left out)
 *     argumentOffsets     ^      ^        ^                  flat: the arguments of all commands, one after the other
 *     argumentLengths     3      1        4
 *     commandStarts    0,              2,           3        command c owns arguments commandStarts[c] .. commandStarts[c + 1] - 1
 *
 * One batch serves all sessions of a server. It is valid until the parser that filled it is called again. The arrays are replaced when a
 * request needs longer ones, so they must be read from the batch after each call of `RequestParser.next`.
 */
export const NO_BYTES = new Uint8Array(0);

const DEFAULT_COMMANDS = 1024;
const DEFAULT_ARGUMENTS = 4096;

/** Offsets and lengths of the arguments of complete requests. Valid until the parser that filled it is called again. */
export class RequestBatch {
  /** Where the offsets point. */
  bytes: Uint8Array = NO_BYTES;
  argumentOffsets: Int32Array;
  argumentLengths: Int32Array;
  commandStarts: Int32Array;
  commandCount = 0;

  /** `commandCapacity` is the most commands that one call of `RequestParser.next` gives, whatever it was asked for. */
  constructor(commandCapacity: number = DEFAULT_COMMANDS) {
    this.commandStarts = new Int32Array(commandCapacity + 1);
    this.argumentOffsets = new Int32Array(DEFAULT_ARGUMENTS);
    this.argumentLengths = new Int32Array(DEFAULT_ARGUMENTS);
  }

  /** Forgets what the batch holds, and gives back the memory that an unusually long request had needed. */
  clear(): void {
    this.commandCount = 0;
    this.bytes = NO_BYTES;
    if (this.argumentOffsets.length > 4 * DEFAULT_ARGUMENTS) {
      this.argumentOffsets = new Int32Array(DEFAULT_ARGUMENTS);
      this.argumentLengths = new Int32Array(DEFAULT_ARGUMENTS);
    }
  }

  /** Makes room for `total` arguments, of which the first `used` are kept. Replaces the argument arrays if they are shorter. */
  reserveArguments(total: number, used: number): void {
    if (total <= this.argumentOffsets.length) return;
    const capacity = Math.max(total, this.argumentOffsets.length * 2);
    this.argumentOffsets = lengthened(this.argumentOffsets, capacity, used);
    this.argumentLengths = lengthened(this.argumentLengths, capacity, used);
  }

  /** Makes the batch one command whose arguments are the first `count` of these arrays. Long arrays are adopted, not copied. */
  setSingle(bytes: Uint8Array, offsets: Int32Array, lengths: Int32Array, count: number): void {
    this.bytes = bytes;
    this.commandStarts[0] = 0;
    this.commandStarts[1] = count;
    this.commandCount = 1;
    if (count > this.argumentOffsets.length) {
      this.argumentOffsets = offsets;
      this.argumentLengths = lengths;
      return;
    }
    for (let index = 0; index < count; index++) {
      this.argumentOffsets[index] = offsets[index];
      this.argumentLengths[index] = lengths[index];
    }
  }
}

/** A longer copy of an array, of which only the first `used` elements matter. */
export function lengthened(array: Int32Array, capacity: number, used: number): Int32Array {
  const longer = new Int32Array(capacity);
  longer.set(array.subarray(0, used));
  return longer;
}
