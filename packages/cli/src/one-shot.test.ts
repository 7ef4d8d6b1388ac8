import { expect, test } from "vitest";
import { runCli } from "./testing/run-cli.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

test.each(["sync", "PSYNC"])("%s as a command is --replica, with a line before", async (command) => {
  const refusals = ["+OK\r\n", "+OK\r\n", "-ERR no replicas here\r\n"];
  const server = await startScriptedServer(refusals);
  const mode = await runCli(["-p", String(server.port), "--replica"]);
  const shot = await runCli(["-p", String(server.port), command, "?", "-1"]);
  await server.stop();
  expect(mode).toMatchObject({ code: 1, stderr: expect.stringContaining("no replicas here") as string });
  expect(shot).toEqual({ ...mode, stdout: `Entering replica output mode...  (press Ctrl-C to quit)\n${mode.stdout}` });
});

test("what stands on standard input arrives as it is, however it comes", async () => {
  const server = await startScriptedServer(["+OK\r\n"]);
  const input = Uint8Array.from({ length: 1024 }, (_, index) => index);
  expect(await runCli(["-p", String(server.port), "-x", "echo"], { input })).toMatchObject({ code: 0, stdout: "OK\n" });
  await server.stop();
  const request = `*2\r\n$4\r\necho\r\n$1024\r\n${String.fromCharCode(...input)}\r\n`;
  expect(server.received.flat().join("")).toBe(request);
});
