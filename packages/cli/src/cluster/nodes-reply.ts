/**
 * The reply of CLUSTER NODES, a line for each node that the asked one knows:
 *
 *     <id> 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5460 7000 [42->-<id>] [43-<-<id>]
 *     id   address              flags         master            slots       migrating   importing
 */

export const SLOT_COUNT = 16384;

export interface NodeLine {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly flags: readonly string[];
  /** The master of a replica, else null. */
  readonly masterId: string | null;
  /** As they stand there, without those that are open: `0-5460`, `7000`. */
  readonly slotWords: readonly string[];
  /** Slots on their way to another node, and from another one, as texts. */
  readonly migrating: readonly string[];
  readonly importing: readonly string[];
}

/** The lines; null when one of them is none. */
export function parseNodes(text: string): NodeLine[] | null {
  const lines = text.split("\n").filter((line) => line !== "");
  const nodes = lines.map((line) => parseNode(line));
  return nodes.includes(null) ? null : (nodes as NodeLine[]);
}

/** `host:port`, with the port of the bus behind an @ or without; null when it is no address. */
export function parseNodeAddress(text: string): { host: string; port: number } | null {
  const match = /^(.*):(\d{1,5})$/.exec(text.replace(/@[^@]*$/, ""));
  return match === null ? null : { host: match[1] ?? "", port: Number(match[2]) };
}

/** Which slots words like `0-5460` and `7000` name. */
export function slotsOf(words: readonly string[]): Uint8Array {
  const slots = new Uint8Array(SLOT_COUNT);
  for (const word of words) {
    const [first = 0, last = first] = word.split("-").map(Number);
    slots.fill(1, first, last + 1);
  }
  return slots;
}

function parseNode(line: string): NodeLine | null {
  const [id = "", addressText = "", flagsText, masterId = "-", , , , , ...words] = line.split(" ");
  const address = parseNodeAddress(addressText);
  if (address === null || flagsText === undefined) return null;
  const flags = flagsText.split(",");
  const open = (mark: string): string[] =>
    words.flatMap((word) => (word.startsWith("[") && word.includes(mark) ? [word.slice(1, word.indexOf(mark))] : []));
  return {
    ...address,
    id,
    flags,
    masterId: flags.includes("slave") ? masterId : null,
    slotWords: words.filter((word) => /^\d+(-\d+)?$/.test(word)),
    migrating: open("->-"),
    importing: open("-<-"),
  };
}
