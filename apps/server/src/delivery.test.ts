/**
 * The program as npm delivers it: only the files of the package, in a folder from which no other package can be found. What is read at run
 * time, and so is not seen by the bundler, has to be there too: the manifest, and the threads.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { program, ProgramRuns, until } from "./testing/program-runs.ts";

const delivered = mkdtempSync(join(tmpdir(), "sider-delivered-"));
const packageFolder = join(delivered, "package");
const manifestPath = join(packageFolder, "package.json");
/** More than a dump needs to be loaded by two threads. */
const KEYS_OF_A_LARGE_DUMP = 350_000;

let runs: ProgramRuns;

beforeAll(() => {
  const source = join(dirname(program), "..");
  const options = ["--ignore-scripts", "--pack-destination", delivered];
  const packed = spawnSync("npm", ["pack", ...options], { cwd: source, encoding: "utf8" });
  const tarball = readdirSync(delivered)[0];
  if (tarball === undefined) throw new Error(packed.stderr);
  spawnSync("tar", ["-xzf", tarball], { cwd: delivered });
}, 60_000);

afterAll(() => {
  rmSync(delivered, { recursive: true, force: true });
});

beforeEach(() => {
  runs = new ProgramRuns(join(packageFolder, "bin", "sider-server.js"));
});

afterEach(() => {
  runs.end();
});

/** Has the servers that are started from now on note with which code their threads end; returns the codes of those that have ended. */
function noteThreads(): () => string[] {
  const [hook, notes] = [join(runs.folder, "note-threads.cjs"), join(runs.folder, "threads")];
  writeFileSync(
    hook,
    `if (!require("node:worker_threads").isMainThread)
       process.on("exit", (code) => require("node:fs").appendFileSync(${JSON.stringify(notes)}, code + "\\n"));`,
  );
  runs.environment["NODE_OPTIONS"] = `--require ${hook}`;
  return () => (existsSync(notes) ? readFileSync(notes, "utf8").trim().split("\n") : []);
}

describe.skipIf(!existsSync(program) || process.platform === "win32")("the delivered program", () => {
  test("needs no other package", () => {
    expect(JSON.parse(readFileSync(manifestPath, "utf8"))).not.toHaveProperty("dependencies");
  });

  test("is text of one byte a character: a single other one, and V8 would keep two bytes for each", () => {
    const text = readFileSync(join(packageFolder, "dist", "program.cjs"), "utf8");
    expect(text.match(/.{0,40}[^\x00-\xff].{0,40}/g) ?? []).toEqual([]);
  });

  test("tells the version of its manifest", async () => {
    const manifest = readFileSync(manifestPath, "utf8");
    writeFileSync(manifestPath, manifest.replace(/"version": ".*"/, '"version": "12.34.56"'));
    const { code, output } = await runs.runToEnd("--version");
    writeFileSync(manifestPath, manifest);
    expect([code, output]).toEqual([0, expect.stringContaining(" sider=12.34.56 ")]);
  });

  test("saves in a thread", async () => {
    const endedThreads = noteThreads();
    const started = await runs.startOnSocket("--save", "");
    expect(await runs.talk("SET a 1\r\nBGSAVE\r\n")).toContain("+Background saving started\r\n");
    await until(() => started.output().includes("Background saving terminated with success"));
    expect(endedThreads()).toEqual(["0"]);
  });

  test("rewrites the append-only file in a thread", async () => {
    const endedThreads = noteThreads();
    const started = await runs.startOnSocket("--save", "", "--appendonly", "yes");
    expect(await runs.talk("SET a 1\r\nBGREWRITEAOF\r\n")).toContain("+Background append only file rewriting started");
    await until(() => started.output().includes("Background AOF rewrite finished successfully"));
    expect(endedThreads().at(-1)).toBe("0");
  });

  test("loads a large dump with a thread that reads ahead", { timeout: 60_000 }, async () => {
    const first = await runs.startOnSocket("--enable-debug-command", "yes");
    const populate = `DEBUG POPULATE ${String(KEYS_OF_A_LARGE_DUMP)}\r\n`;
    expect(await runs.talk(`${populate}SHUTDOWN SAVE\r\n`)).toContain("+OK");
    expect(await first.ended).toBe(0);
    const endedThreads = noteThreads();
    await runs.startOnSocket();
    expect(await runs.talk("DBSIZE\r\n")).toBe(`:${String(KEYS_OF_A_LARGE_DUMP)}\r\n`);
    await until(() => availableParallelism() === 1 || endedThreads().length > 0);
    expect(endedThreads()).toEqual(availableParallelism() === 1 ? [] : ["0"]);
  });
});
