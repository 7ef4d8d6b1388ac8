/**
 * Between JavaScript text and "Latin-1 text", which holds one byte a character. The configuration is text; clients send bytes. A byte that is
 * no UTF-8 becomes a lone surrogate (U+DC80 to U+DCFF), which text never holds otherwise, and so comes back as it was.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const ESCAPE = 0xdc00;
const LONGEST_CHARACTER_BYTES = 4;

/** The UTF-8 bytes of a text, one character a byte. */
export function latin1OfUtf8(text: string): string {
  let latin1 = "";
  for (const byte of bytesOfText(text)) latin1 += String.fromCharCode(byte);
  return latin1;
}

/** The text that these bytes are in UTF-8. */
export function utf8OfLatin1(latin1: string): string {
  return textOfBytes(Uint8Array.from(latin1, (character) => character.charCodeAt(0)));
}

/** The UTF-8 bytes of a text. */
export function bytesOfText(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) bytes.push(code - ESCAPE);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/** The text of bytes that should be UTF-8. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return textOfDamagedBytes(bytes);
  }
}

function textOfDamagedBytes(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    text += length === 0 ? String.fromCharCode(ESCAPE + bytes[at]) : decoder.decode(bytes.subarray(at, at + length));
    at += Math.max(length, 1);
  }
  return text;
}

/** Bytes of the character that begins there; 0 when none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= LONGEST_CHARACTER_BYTES && at + length <= bytes.length; length++) {
    try {
      decoder.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // not yet, or not at all
    }
  }
  return 0;
}
