/**
 * Differences that are intended: Sider follows Redis 7.2, the reference at hand is Redis 7.0. Each has an entry with the same
 * name in docs/differences.md; a test holds the two lists together.
 */
export interface IntendedDifference {
  /** The heading of the entry in docs/differences.md. */
  name: string;
  /** True when this pair of replies is that difference. */
  matches(args: readonly string[], reference: string, subject: string): boolean;
  /** Afterwards keys or the connection differ, even when the replies agree: the run goes on with empty servers. */
  leavesTraces?: true;
}

export const intendedDifferences: readonly IntendedDifference[] = [
  {
    name: "BITCOUNT and BITPOS check their arguments before they look at the key",
    matches: (args, reference, subject) =>
      ["bitcount", "bitpos"].includes((args[0] ?? "").toLowerCase()) &&
      /^(:(0|-1)\r\n$|-WRONGTYPE )/.test(reference) &&
      subject.startsWith("-ERR "),
  },
  {
    name: "XSETID does not go below the largest id that was deleted",
    matches: (args, reference, subject) =>
      /^xsetid$/i.test(args[0] ?? "") &&
      /^(\+OK|-ERR The (ID|entries_added) specified in XSETID is smaller than the target)/.test(reference) &&
      subject.startsWith("-ERR The ID specified in XSETID is smaller than current max_deleted_entry_id"),
    leavesTraces: true,
  },
  {
    name: "COMMAND GETKEYS takes a command of one word",
    matches: (args, reference, subject) =>
      /^command getkeys(andflags)?$/i.test(args.slice(0, 2).join(" ")) &&
      args.length === 3 &&
      reference.startsWith("-ERR wrong number of arguments for 'command|getkeys") &&
      subject.startsWith("-ERR "),
  },
  {
    name: "Commands that 7.0 does not have",
    matches: (args, reference) =>
      /^waitaof$/i.test(args[0] ?? "") && reference.startsWith("-ERR unknown command 'waitaof'"),
  },
  {
    name: "HELLO reads all its options before it does anything",
    matches: (args, reference, subject) =>
      /^hello$/i.test(args[0] ?? "") &&
      args.some((argument) => /^(auth|setname)$/i.test(argument)) &&
      /^-(WRONGPASS|ERR (Client names cannot contain|Syntax error in HELLO option))/.test(subject) &&
      reference.startsWith("-"),
    leavesTraces: true,
  },
  {
    name: "ZRANK and ZREVRANK take WITHSCORE",
    matches: (args, reference) =>
      (/^z(rev)?rank$/i.test(args[0] ?? "") &&
        args.length === 4 &&
        reference.startsWith("-ERR wrong number of arguments")) ||
      (/^command getkeys(andflags)? z(rev)?rank$/i.test(args.slice(0, 3).join(" ")) &&
        args.length >= 6 &&
        reference.startsWith("-ERR Invalid number of arguments")),
  },
  {
    name: "Texts of two errors",
    matches: (_, reference, subject) =>
      (reference.startsWith("-ERR Unbalanced XREAD list") && subject.startsWith("-ERR Unbalanced 'xread")) ||
      (reference.startsWith("-ERR timeout is negative") && subject.startsWith("-ERR timeout is out of range")),
  },
  {
    name: "Numbers that overflow in 7.0",
    matches: (args, reference, subject) =>
      !reference.startsWith("-") &&
      (/^-ERR timeout is out of range/.test(subject) ||
        (/^lpos$/i.test(args[0] ?? "") && subject.startsWith("-ERR value is out of range, value must between"))),
    leavesTraces: true,
  },
  {
    name: "Small lists and small sets are listpacks",
    matches: (args, reference, subject) =>
      /^object encoding$/i.test(args.slice(0, 2).join(" ")) &&
      /(quicklist|hashtable)\r\n$/.test(reference) &&
      /listpack\r\n$/.test(subject),
  },
  {
    name: "SORT remembers no earlier overflow",
    matches: (args, reference, subject) =>
      /^sort(_ro)?$/i.test(args[0] ?? "") &&
      reference.startsWith("-ERR One or more scores can't be converted") &&
      !subject.startsWith("-"),
    leavesTraces: true,
  },
  {
    name: "COMMAND GETKEYS takes no count of keys that is no number",
    matches: (args, reference, subject) =>
      /^command getkeys(andflags)?$/i.test(args.slice(0, 2).join(" ")) &&
      reference.startsWith("*") &&
      subject.startsWith("-ERR Invalid arguments specified"),
  },
  {
    name: "RESTORE refuses a time to live beyond 64 bits",
    matches: (args, reference, subject) =>
      /^restore$/i.test(args[0] ?? "") &&
      /^(\+OK|-ERR DUMP payload version)/.test(reference) &&
      subject.startsWith("-ERR invalid expire time in 'restore'"),
    leavesTraces: true,
  },
];

/** The intended difference that explains two replies, or null. */
export function intendedDifference(
  args: readonly string[],
  reference: Buffer,
  subject: Buffer,
): IntendedDifference | null {
  const [expected, found] = [reference.toString("latin1"), subject.toString("latin1")];
  return intendedDifferences.find((difference) => difference.matches(args, expected, found)) ?? null;
}
