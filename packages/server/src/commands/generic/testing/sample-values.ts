/** One value of each way in which a string is kept: every command that moves or shows values is tried with all of them. */
export const SAMPLE_VALUES: readonly (readonly [encoding: string, name: string, value: string])[] = [
  ["int", "an integer", "12345"],
  ["int", "the smallest integer", "-9223372036854775808"],
  ["embstr", "a short text", "hello"],
  ["embstr", "the empty text", ""],
  ["raw", "a text inside the entry", "x".repeat(100)],
  ["raw", "a text in a block of its own", "0123456789abcdef".repeat(100)],
];
