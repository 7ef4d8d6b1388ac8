/**
 * The two Web API classes for UTF-8, which Node, browsers, Bun and Deno all have as globals. They are declared here because the package compiles
 * without the types of any of these platforms.
 */
interface Encoder {
  encode(text: string): Uint8Array;
}
interface Decoder {
  decode(bytes: Uint8Array): string;
}
declare const TextEncoder: new () => Encoder;
declare const TextDecoder: new (label: string, options: { ignoreBOM: boolean }) => Decoder;

export const utf8Encoder: Encoder = new TextEncoder();
/** Malformed input becomes U+FFFD; a byte order mark is kept, since it is data. */
export const utf8Decoder: Decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** So many arguments fit into a call. */
const PIECE_BYTES = 4096;

/** Bytes as binary text: a character for each byte. (The platforms' decoder for "latin1" is another encoding's.) */
export function binaryText(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = "";
  for (let at = start; at < end; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, Math.min(end, at + PIECE_BYTES)) as unknown as number[];
    text += String.fromCharCode.apply(null, piece);
  }
  return text;
}
