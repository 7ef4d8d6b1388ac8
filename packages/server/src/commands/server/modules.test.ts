import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

const REFUSED =
  '-ERR MODULE command not allowed. If the enable-module-command option is set to "local", you can run it from a local connection, ' +
  "otherwise you need to set this option in the configuration file, and then restart the server.\r\n";

test("there are no modules, and who may load one hears that it cannot be", () => {
  const { connect, logged } = createTestServer({ "enable-module-command": "local" });
  const client = connect();
  expect(client.send("MODULE", "LIST")).toBe("*0\r\n");
  const failed = "-ERR Error loading the extension. Please check the server logs.\r\n";
  expect(client.send("MODULE", "LOAD", "/a.so", "x")).toBe(failed);
  expect(client.send("MODULE", "LOADEX", "/b.so", "CONFIG", "a", "b")).toBe(failed);
  expect(client.send("MODULE", "UNLOAD", "a")).toBe("-ERR Error unloading module: no such module with that name\r\n");
  expect(logged.map((line) => line.slice(line.indexOf("#")))).toEqual([
    expect.stringContaining("# Module /a.so failed to load") as string,
    expect.stringContaining("# Module /b.so failed to load") as string,
  ]);
  expect(client.send("MODULE", "HELP")).toMatch(/^\*\d+\r\n\+MODULE /);
});

test("nobody may by default, in a transaction neither", () => {
  const client = createTestServer().connect();
  for (const words of [
    ["LOAD", "a"],
    ["LOADEX", "a"],
    ["UNLOAD", "a"],
  ])
    expect(client.send("MODULE", ...words)).toBe(REFUSED);
  expect(client.send("MODULE", "LIST")).toBe("*0\r\n");
  client.send("MULTI");
  expect(client.send("MODULE", "LOAD", "a")).toBe(REFUSED);
  expect(client.send("EXEC")).toMatch(/^-EXECABORT/);
});
