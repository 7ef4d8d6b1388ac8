/** The built program as processes of a test: started in a folder of their own, on a Unix socket there, and gone after the test. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What `npm run build` makes. */
export const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

export class ProgramRuns {
  readonly folder = mkdtempSync(join(tmpdir(), "sider-program-"));
  /** The socket of the server that `startOnSocket` starts. */
  readonly path = join(this.folder, "socket");
  /** Variables that the programs see. */
  readonly environment: Record<string, string> = {};
  private readonly children: ChildProcess[] = [];
  private readonly program: string;

  /** @param path of the program, where it is not the one that was built */
  constructor(path: string = program) {
    this.program = path;
  }

  run(...args: string[]): Run {
    return this.runWithInput(null, ...args);
  }

  runWithInput(input: string | null, ...args: string[]): Run {
    const child = spawn(process.execPath, [this.program, ...args], {
      stdio: [input === null ? "ignore" : "pipe", "pipe", "pipe"],
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
    });
    this.children.push(child);
    child.stdin?.end(input);
    let output = "";
    child.stdout?.on("data", (bytes: Buffer) => (output += bytes.toString()));
    child.stderr?.on("data", (bytes: Buffer) => (output += bytes.toString()));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, ended, output: () => output };
  }

  async runToEnd(...args: string[]): Promise<{ code: number | null; output: string }> {
    const { ended, output } = this.run(...args);
    return { code: await ended, output: output() };
  }

  /** A server on the Unix socket, when it is ready. */
  async startOnSocket(...args: string[]): Promise<Run> {
    const started = this.run("--port", "0", "--unixsocket", this.path, ...args);
    await until(() => {
      if (started.child.exitCode !== null) throw new Error(`no start: ${started.output()}`);
      return started.output().includes("Ready to accept connections unix");
    });
    return started;
  }

  /** What the server sends until it closes the connection. */
  talk(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let reply = "";
      const socket = connect(this.path, () => socket.end(request));
      socket.on("data", (bytes) => (reply += bytes.toString("latin1")));
      socket.on("close", () => {
        resolve(reply);
      });
      socket.on("error", reject);
    });
  }

  /** Ends what still runs, and removes the folder. */
  end(): void {
    for (const child of this.children.splice(0)) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits, ten seconds at most, until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries === 1000) throw new Error("it has not come");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
