/** Escapes for strings between double quotes, as redis-cli writes them. All text is binary: one character per byte. */

const CONTROLS = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b" };
const LINE_ESCAPES = escapesOf((byte) => byte < 32 || byte > 126, "\\x", 2, { ...CONTROLS, "\x07": "\\a" });
const JSON_ESCAPES = escapesOf((byte) => byte < 32, "\\u", 4, { ...CONTROLS, "\f": "\\f" });

/** What lies between the quotes: printable ASCII as it is, all else as \n or \x7f. The request line reads it back. */
export function escapeBytes(binary: string): string {
  return escape(binary, LINE_ESCAPES);
}

/** For JSON: control characters are escaped, bytes above 127 stay what they are, UTF-8 as a rule. */
export function escapeJson(binary: string): string {
  return escape(binary, JSON_ESCAPES);
}

/** For --quoted-json: the escapes of `escapeBytes`, with backslashes doubled so that the JSON string holds them. */
export function escapeQuotedJson(binary: string): string {
  return escapeBytes(binary).replaceAll("\\", "\\\\");
}

/** Per byte its escape: its own one, its number in hexadecimal digits, or "" where it stands for itself. */
function escapesOf(
  isNumbered: (byte: number) => boolean,
  prefix: string,
  digits: number,
  own: Readonly<Record<string, string>>,
): string[] {
  const numbered = (byte: number): string => prefix + byte.toString(16).padStart(digits, "0");
  const escapeOf = (byte: number): string => own[String.fromCharCode(byte)] ?? (isNumbered(byte) ? numbered(byte) : "");
  return Array.from({ length: 256 }, (_, byte) => escapeOf(byte));
}

/** A loop: a regular expression with a function is five times slower on bytes that are not text. */
function escape(binary: string, escapes: readonly string[]): string {
  let escaped = "";
  let from = 0;
  for (let at = 0; at < binary.length; at++) {
    const replacement = escapes[binary.charCodeAt(at)] ?? "";
    if (replacement === "") continue;
    if (at > from) escaped += binary.slice(from, at);
    escaped += replacement;
    from = at + 1;
  }
  return from === 0 ? binary : escaped + binary.slice(from);
}
