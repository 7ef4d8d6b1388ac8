/**
 * The program's arguments as the system has them. Node decodes them as UTF-8, and what is not becomes U+FFFD; on Linux the bytes can be
 * read again from /proc. Bytes that are not UTF-8 are kept in the text as halves of surrogate pairs (0xff is U+DCFF), which `binaryOf`
 * turns back. Elsewhere, and in names of hosts and files, such bytes stay lost. No argument holds a NUL byte: no system passes one.
 */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";

/** One character of well-formed UTF-8, or one byte that begins none; in binary text. */
const CHARACTER =
  /[\0-\x7f]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|[^]/g;
const FIRST_ESCAPE = 0xdc00;

/** The last `count` arguments of this process with all their bytes; null where the system does not tell. */
export function readRawArguments(count: number): string[] | null {
  try {
    const all = readFileSync("/proc/self/cmdline").toString("latin1").split("\0").slice(0, -1);
    return all.length < count ? null : all.slice(all.length - count).map(textOfBytes);
  } catch {
    return null;
  }
}

/** Text of bytes (binary text) that are UTF-8 for the most part. */
export function textOfBytes(binary: string): string {
  return binary.replace(CHARACTER, (character) => {
    if (character.length === 1 && character > "\x7f")
      return String.fromCharCode(FIRST_ESCAPE + character.charCodeAt(0));
    return Buffer.from(character, "latin1").toString("utf8");
  });
}
