/** Replies and pushes as they look on the wire, as Latin-1 text. */

/** A bulk string. */
export function bulk(text: string): string {
  return `$${String(text.length)}\r\n${text}\r\n`;
}

/** An array of bulk strings; with other marks a push (>) or a set (~). */
export function bulks(words: readonly string[], mark = "*"): string {
  return `${mark}${String(words.length)}\r\n${words.map(bulk).join("")}`;
}
