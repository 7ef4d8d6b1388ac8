/**
 * Finds where one RESP reply ends in received bytes, and reads it into a tree. Written apart from resp-protocol on purpose:
 * the tests must not share a mistake with what they test.
 */

/** One reply. `type` is its first byte as a character; containers hold `items`, all others `text` (Latin-1, so bytes survive). */
export interface Reply {
  type: string;
  text: string;
  items: Reply[] | null;
}

export interface Frame {
  reply: Reply;
  /** Offset after the frame. */
  end: number;
}

const itemsPerElement: Readonly<Record<string, number>> = { "*": 1, "~": 1, ">": 1, "%": 2, "|": 2 };
const bulkTypes = "$=!";
const lineTypes = "+-:_#,(";

/** Reads the reply that starts at an offset; null when its bytes have not all arrived. Throws on a byte that starts none. */
export function readFrame(bytes: Buffer, start: number): Frame | null {
  const lineEnd = bytes.indexOf("\r\n", start, "latin1");
  if (lineEnd < 0) return null;
  const type = String.fromCharCode(bytes[start] ?? 0);
  const line = bytes.toString("latin1", start + 1, lineEnd);
  const next = lineEnd + 2;
  if (lineTypes.includes(type)) return { reply: { type, text: line, items: null }, end: next };
  if (bulkTypes.includes(type)) return readBulk(bytes, type, Number(line), next);
  const perElement = itemsPerElement[type];
  if (perElement === undefined)
    throw new Error(`not a reply: ${JSON.stringify(bytes.toString("latin1", start, start + 80))}`);
  return readItems(bytes, type, Number(line) * perElement, next);
}

function readBulk(bytes: Buffer, type: string, length: number, start: number): Frame | null {
  if (length < 0) return { reply: { type: "_", text: "bulk", items: null }, end: start };
  const end = start + length + 2;
  if (end > bytes.length) return null;
  return { reply: { type, text: bytes.toString("latin1", start, end - 2), items: null }, end };
}

function readItems(bytes: Buffer, type: string, count: number, start: number): Frame | null {
  if (count < 0) return { reply: { type: "_", text: "array", items: null }, end: start };
  const items: Reply[] = [];
  let at = start;
  while (items.length < count) {
    const item = readFrame(bytes, at);
    if (item === null) return null;
    items.push(item.reply);
    at = item.end;
  }
  // An attribute is a preface: the reply itself follows.
  return type === "|" ? readFrame(bytes, at) : { reply: { type, text: "", items }, end: at };
}
