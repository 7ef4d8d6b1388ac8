import { expect, test } from "vitest";
import { endsWhole } from "./torn.ts";

test("only the end of a command is whole", () => {
  const command = "*2\r\n$4\r\nINCR\r\n$1\r\na\r\n";
  for (let length = 0; length <= 2 * command.length; length++) {
    const bytes = Buffer.from((command + command).slice(0, length));
    expect(endsWhole(bytes), `${String(length)} bytes`).toBe(length % command.length === 0);
  }
});
