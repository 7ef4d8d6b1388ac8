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
