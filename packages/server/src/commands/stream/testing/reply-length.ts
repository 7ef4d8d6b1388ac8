/** How long the first reply in a run of bytes is: enough of RESP to tell replies apart. */

/** Length of the first reply in Latin-1 text, 0 when it is not complete. */
export function replyLength(text: string): number {
  const end = endOfReply(text, 0);
  return end < 0 ? 0 : end;
}

/** Position behind the reply at `start`, -1 when it is not complete. */
function endOfReply(text: string, start: number): number {
  const lineEnd = text.indexOf("\r\n", start);
  if (lineEnd < 0) return -1;
  const behindLine = lineEnd + 2;
  const type = text[start];
  if (!"$=*~>%".includes(type)) return behindLine;
  const count = Number(text.slice(start + 1, lineEnd));
  if (count < 0) return behindLine;
  if (type === "$" || type === "=") return behindLine + count + 2 <= text.length ? behindLine + count + 2 : -1;
  let at = behindLine;
  for (let left = type === "%" ? count * 2 : count; left > 0 && at >= 0; left--) {
    at = at >= text.length ? -1 : endOfReply(text, at);
  }
  return at;
}
