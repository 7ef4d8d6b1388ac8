/** Between JavaScript text and "Latin-1 text", which holds one byte a character. The configuration is text; clients send bytes. */

/** The UTF-8 bytes of a text, one character a byte. */
export function latin1OfUtf8(text: string): string {
  let latin1 = "";
  for (const byte of new TextEncoder().encode(text)) latin1 += String.fromCharCode(byte);
  return latin1;
}

/** The text that these bytes are in UTF-8; what is none becomes U+FFFD. */
export function utf8OfLatin1(latin1: string): string {
  return new TextDecoder().decode(Uint8Array.from(latin1, (character) => character.charCodeAt(0)));
}
