import { expect, test } from "vitest";
import { createServer } from "../../create-server.ts";
import { createTestServer } from "../../testing/test-client.ts";

test("TIME is that of the server's clock, to the microsecond", () => {
  const { connect, clock } = createTestServer();
  clock.now = 1_700_000_123_004;
  clock.microseconds = 56;
  expect(connect().send("TIME")).toBe("*2\r\n$10\r\n1700000123\r\n$4\r\n4056\r\n");
});

test("a clock that knows milliseconds only may be handed in", async () => {
  const server = await createServer({}, { clock: { nowMs: () => 1_700_000_123_456 } });
  expect(await server.client().send("TIME")).toEqual(["1700000123", "456000"]);
  await server.close();
});
