/** Escapes for strings between double quotes, as redis-cli writes them. All text is binary: one character per byte. */

const NAMED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x07": "\\a",
  "\b": "\\b",
};
const JSON_NAMED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

/** What lies between the quotes: printable ASCII as it is, all else as \n or \x7f. The request line reads it back. */
export function escapeBytes(binary: string): string {
  return binary.replace(/[^ !#-[\]-~]/g, (byte) => NAMED[byte] ?? `\\x${hex(byte, 2)}`);
}

/** For JSON: control characters are escaped, bytes above 127 stay what they are, UTF-8 as a rule. */
export function escapeJson(binary: string): string {
  return binary.replace(/[\0-\x1f"\\]/g, (byte) => JSON_NAMED[byte] ?? `\\u${hex(byte, 4)}`);
}

/** For --quoted-json: the escapes of `escapeBytes`, with backslashes doubled so that the JSON string holds them. */
export function escapeQuotedJson(binary: string): string {
  return escapeBytes(binary).replaceAll("\\", "\\\\");
}

function hex(byte: string, digits: number): string {
  return byte.charCodeAt(0).toString(16).padStart(digits, "0");
}
