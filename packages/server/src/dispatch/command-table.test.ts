import { describe, expect, test } from "vitest";
import { Configuration } from "../config/index.ts";
import { createServer, SiderServer } from "../create-server.ts";
import { CommandTable } from "./command-table.ts";

const find = (table: CommandTable, name: string): string | undefined => {
  const bytes = new TextEncoder().encode(name);
  return table.commands[table.find(bytes, 0, bytes.length)]?.name;
};

describe("renaming", () => {
  test("takes the old name away, and may swap names or take them all", () => {
    const table = new CommandTable({});
    table.rename("GET", "get-\u00fc");
    table.rename("set", "GET");
    table.rename("del", "");
    table.rename("keys", "K".repeat(300));
    expect(["Get", "SET", "del", "keys"].map((name) => find(table, name))).toEqual([
      "set",
      undefined,
      undefined,
      undefined,
    ]);
    expect([find(table, "GET-\u00fc"), find(table, "k".repeat(300)), find(table, "incr")]).toEqual([
      "get",
      "keys",
      "incr",
    ]);
    expect(find(table, "")).toBeUndefined();
  });

  test("of a server's commands, containers too", async () => {
    const renames = [
      ["config", "settings"],
      ["flushall", ""],
    ] as const;
    const server = new SiderServer(new Configuration(), { renames });
    const client = server.client();
    expect(await client.send("SETTINGS", "GET", "hz")).toEqual(["hz", "10"]);
    await expect(client.send("CONFIG", "GET", "hz")).rejects.toThrow("ERR unknown command 'CONFIG'");
    await expect(client.send("FLUSHALL")).rejects.toThrow("ERR unknown command 'FLUSHALL'");
    const infos = await client.send("COMMAND", "INFO", "settings", "config", "flushall", "settings|get", "a|b|c");
    expect((infos as ([string] | null)[]).map((info) => info?.[0])).toEqual([
      "config",
      undefined,
      undefined,
      "config|get",
      undefined,
    ]);
    expect(await client.send("COMMAND", "LIST", "FILTERBY", "PATTERN", "flush*")).toEqual(["flushdb"]);
    expect(await client.send("COMMAND", "GETKEYS", "get", "a")).toEqual(["a"]);
    await server.close();
    const other = await createServer();
    expect(await other.client().send("FLUSHALL")).toBe("OK");
  });
});
