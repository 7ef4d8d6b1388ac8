/**
 * The constants of the RDB format, and the error that says where a dump is broken.
 *
 *     "REDIS" version(4 digits)                         versions 1 to 11 are read, 10 and 11 written
 *     { AUX name value }                                facts about the writer
 *     { SELECTDB index  RESIZEDB keys expires
 *       { [EXPIRETIME_MS at] [IDLE n | FREQ n] type key value } }
 *     EOF  crc64(8 bytes, little endian; 0: none)       the sum exists since version 5
 *
 * A length is 1, 2, 5 or 9 bytes: 00nnnnnn, 01nnnnnn n, 10000000 n*4, 10000001 n*8 (big endian); 11eeeeee says that a
 * string follows in the special encoding e: an int8, int16 or int32 (little endian), or LZF (compressed length, length, bytes).
 */

/** The newest version read and written: that of Redis 7.2. */
export const RDB_VERSION = 11;

/** The longest string that is read by default: Redis's own limit, unless its proto-max-bulk-len was raised. */
export const DEFAULT_MAX_STRING_BYTES = 512 * 1024 * 1024;

export const ENCODING_INT8 = 0;
export const ENCODING_INT16 = 1;
export const ENCODING_INT32 = 2;
export const ENCODING_LZF = 3;

export const LENGTH_32_BIT = 0x80;
export const LENGTH_64_BIT = 0x81;
export const SPECIAL_ENCODING = 0xc0;

/** Type byte of a string value. */
export const RDB_TYPE_STRING = 0;
/** Values of modules: bytes that only the module can read, and parts that anybody can skip. */
export const RDB_TYPE_MODULE_1 = 6;
export const RDB_TYPE_MODULE_2 = 7;

export const OPCODE_FUNCTION2 = 245;
export const OPCODE_FUNCTION_PRE_RELEASE = 246;
export const OPCODE_MODULE_AUX = 247;
export const OPCODE_IDLE = 248;
export const OPCODE_FREQUENCY = 249;
export const OPCODE_AUX = 250;
export const OPCODE_RESIZE_DATABASE = 251;
export const OPCODE_EXPIRE_AT_MS = 252;
export const OPCODE_EXPIRE_AT_SECONDS = 253;
export const OPCODE_SELECT_DATABASE = 254;
export const OPCODE_EOF = 255;

/** What the value types are called, by type byte; "" where no type has that byte. */
const TYPE_NAMES: readonly string[] = [
  "string",
  "list",
  "set",
  "sorted set (text scores)",
  "hash",
  "sorted set",
  "module value (version 1)",
  "module value",
  "",
  "hash (zipmap)",
  "list (ziplist)",
  "set (intset)",
  "sorted set (ziplist)",
  "hash (ziplist)",
  "list (quicklist of ziplists)",
  "stream",
  "hash (listpack)",
  "sorted set (listpack)",
  "list (quicklist)",
  "stream (version 2)",
  "set (listpack)",
  "stream (version 3)",
];

/** The name of a value type byte, or "" when Redis 7.2 knows no such type. */
export function rdbTypeName(type: number): string {
  return TYPE_NAMES[type] ?? "";
}

/**
 * Why a dump could not be read: `truncated` (the bytes end too early), `corrupt` (they contradict the format),
 * `checksum` (they are not the bytes that were written), `unsupported` (sound, but not something this reads).
 */
export type RdbErrorKind = "truncated" | "corrupt" | "checksum" | "unsupported";

/** A dump that cannot be read: what is wrong, and at which byte of it. */
export class RdbError extends Error {
  override readonly name = "RdbError";
  readonly kind: RdbErrorKind;
  readonly reason: string;
  /** Byte offset from the start of the dump. */
  readonly offset: number;

  constructor(kind: RdbErrorKind, reason: string, offset: number) {
    super(`RDB ${kind} at byte ${String(offset)}: ${reason}`);
    this.kind = kind;
    this.reason = reason;
    this.offset = offset;
  }
}
