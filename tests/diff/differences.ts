/**
 * Differences that are intended: Sider follows Redis 7.2, the reference at hand is Redis 7.0. Each has an entry with the same
 * name in docs/differences.md; a test holds the two lists together.
 */
export interface IntendedDifference {
  /** The heading of the entry in docs/differences.md. */
  name: string;
  /** True when this pair of replies is that difference. */
  matches(args: readonly string[], reference: string, subject: string): boolean;
}

export const intendedDifferences: readonly IntendedDifference[] = [
  {
    name: "BITCOUNT and BITPOS check their arguments when the key is missing",
    matches: (args, reference, subject) =>
      ["bitcount", "bitpos"].includes((args[0] ?? "").toLowerCase()) &&
      /^:(0|-1)\r\n$/.test(reference) &&
      subject.startsWith("-ERR "),
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
