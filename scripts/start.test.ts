import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./workspace.mjs";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-start-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(process.platform === "win32")(
  "SIGTERM of npm start ends the server, which saves",
  { timeout: 60_000 },
  async () => {
    const path = join(folder, "socket");
    const options = ["--port", "0", "--unixsocket", path, "--dir", folder, "--save", "60", "1"];
    const npm = spawn("npm", ["start", "--", ...options], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    npm.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
    npm.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
    const until = async (text: string): Promise<void> => {
      for (let tries = 0; !output.includes(text); tries++) {
        if (tries === 5000) throw new Error(`no ${text}:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await until("Ready to accept connections unix");
    const socket = connect(path, () => socket.end("SET a 1\r\n"));
    await new Promise((resolve) => socket.resume().once("close", resolve));
    npm.kill("SIGTERM");
    await until("Sider is now ready to exit, bye bye...");
    expect(output).toContain("DB saved on disk");
  },
);
