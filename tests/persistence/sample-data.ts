/** Strings of every shape that an RDB file writes in its own way. */
import { RawConnection } from "../support/connection.ts";

const farFutureSeconds = "4102444800";

const commands: readonly (readonly string[])[] = [
  ...["0", "-1", "127", "128", "-129", "32768", "-2147483648", "2147483648", "9223372036854775807"].map((n) => [
    "SET",
    `int:${n}`,
    n,
  ]),
  ...["007", "1.5", "", "-0", "9223372036854775808"].map((text) => ["SET", `text:${text}`, text]),
  // Lengths around the borders of the length encodings, and text that compresses.
  ...[1, 20, 21, 44, 45, 63, 64, 16383, 16384, 100_000].map((length) => [
    "SET",
    `long:${length}`,
    "abc".repeat(length).slice(0, length),
  ]),
  ["SET", "binary\0\xff\r\n", String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))],
  ["SET", "", "empty key"],
  ["SET", "12345", "a key that is a number"],
  ["SET", "k".repeat(300), "a long key"],
  ["SET", "expires", "v", "EXAT", farFutureSeconds],
  ["SET", "expires:ms", "v", "PXAT", `${farFutureSeconds}123`],
  ["SET", "gone", "v", "PX", "1"],
  ["SELECT", "3"],
  ["SET", "elsewhere", "3"],
  ["SELECT", "15"],
  ["MSET", ...Array.from({ length: 2000 }, (_, index) => [`many:${index}`, String(index)]).flat()],
];

/** Writes the sample into an empty server and waits until its short-lived key is past. */
export async function writeSample(port: number): Promise<void> {
  const connection = await RawConnection.open(port);
  for (const reply of await connection.pipeline(commands)) {
    if (reply.toString() !== "+OK\r\n") throw new Error(`the sample was refused: ${reply.toString()}`);
  }
  await connection.call("SELECT", "0");
  while ((await connection.callText("EXISTS", "gone")) !== ":0\r\n");
  connection.close();
}
