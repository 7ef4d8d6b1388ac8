import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test.each(["READONLY", "READWRITE", "ASKING"])("%s says that there is no cluster, as Redis does", (name) => {
  const client = createTestServer().connect();
  expect(client.send(name)).toBe("-ERR This instance has cluster support disabled\r\n");
  expect(client.send(name, "x")).toBe(`-ERR wrong number of arguments for '${name.toLowerCase()}' command\r\n`);
});
