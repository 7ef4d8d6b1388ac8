/** Bytes as people and programs can read them: in double quotes, with escapes for all that is not printable ASCII. */

const NAMED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x07": "\\a",
  "\b": "\\b",
};

/** Latin-1 text in quotes. O(length). */
export function quotedText(text: string): string {
  return `"${escapedText(text)}"`;
}

/** As `quotedText`, without the quotes around it. */
export function escapedText(text: string): string {
  return text.replace(/[\\"\x00-\x1f\x7f-\xff]/g, escaped);
}

function escaped(character: string): string {
  return NAMED[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
