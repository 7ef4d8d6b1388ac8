import { expect, test } from "vitest";
import { addressOf, parseOptions } from "./parse.ts";
import { OPTIONS } from "./table.ts";
import { runCli } from "../testing/run-cli.ts";

test("options end where the command begins", () => {
  const options = parseOptions(["-h", "example.org", "-p", "7000", "-n", "2", "set", "-p", "--json"]);
  expect(addressOf(options)).toEqual({ kind: "tcp", host: "example.org", port: 7000 });
  expect(options).toMatchObject({ database: 2, command: ["set", "-p", "--json"], format: undefined });
});

test("a socket path and a URI say where the server is", () => {
  expect(addressOf(parseOptions(["-h", "x", "-s", "/sock"]))).toEqual({ kind: "unix", path: "/sock" });
  const options = parseOptions(["-u", "redis://u:p@h:1/2"]);
  expect(options).toMatchObject({
    host: "h",
    port: 1,
    username: "u",
    password: "p",
    database: 2,
    isPasswordVisible: true,
  });
  expect(addressOf(parseOptions(["-u", "unix:///sock?db=1"]))).toEqual({ kind: "unix", path: "/sock" });
  expect(options.tls.isOn).toBe(false);
  expect(parseOptions(["-u", "rediss://h"]).tls.isOn).toBe(true);
});

test("the environment's password is used where the command line has none", () => {
  const environment = { REDISCLI_AUTH: "theirs" };
  expect(parseOptions([], environment)).toMatchObject({ password: "theirs", isPasswordVisible: false });
  expect(parseOptions(["--pass", "ours"], environment)).toMatchObject({ password: "ours", isPasswordVisible: true });
});

test.each([
  ["2", 2],
  ["2x", 2],
  [" +3.9", 3],
  ["-1", -1],
  ["", 0],
])("-n %j is read as far as it goes", (value, database) => {
  expect(parseOptions(["-n", value]).database).toBe(database);
});

test("JSON wishes for RESP3, -3 demands it", () => {
  expect(parseOptions(["--json"]).resp3).toBe("wished");
  expect(parseOptions(["--json", "-3"]).resp3).toBe("demanded");
  expect(parseOptions(["-3", "--json"]).resp3).toBe("demanded");
});

test.each([
  [["--nosuch"], "Unrecognized option or bad number of args for: '--nosuch'"],
  [["-n"], "Unrecognized option or bad number of args for: '-n'"],
  [["-n", "two"], "Invalid number for -n: 'two'"],
  [["-p", "65536"], "Invalid port: '65536'"],
  [["-i", "soon"], "Invalid number of seconds for -i: 'soon'"],
  [["-i", "-1"], "Invalid number of seconds for -i: '-1'"],
  [["-r", " "], "Invalid number for -r: ' '"],
  [["-a", "x", "-x", "-X", "y"], "not be safe.\nOptions -x and -X are mutually exclusive."],
  [["-u", "http://h"], "Invalid URI scheme"],
])("%j is refused", async (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
  expect(await runCli(args)).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(message) as string });
});

test.each([[["--help"]], [["-h"]]])("%j prints every option", async (args) => {
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const { names, help } of OPTIONS.filter(({ isUnlisted }) => isUnlisted !== true)) {
    expect(stdout).toContain(`  ${names.join(", ")} `);
    expect(stdout).toContain(help);
  }
});

test("--version", async () => {
  expect(await runCli(["--version"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^sider-cli \d+\.\d+\.\d+\n$/) as string,
  });
});
