import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startAnsweringServer, type Answer, type AnsweringServer } from "../testing/answering-server.ts";
import { until } from "../testing/compare-cli.ts";
import { freePort, redisCliPresent, runRedisCli } from "../testing/redis.ts";
import { runCli, startCli, type RunResult } from "../testing/run-cli.ts";
import { useRedis } from "../testing/use-redis.ts";

const MARK = "0123456789abcdefghij0123456789abcdefghij";

describe.skipIf(!redisCliPresent())("--rdb", () => {
  const redis = useRedis([
    ["CONFIG", "SET", "repl-diskless-sync-delay", "0"],
    ["DEBUG", "POPULATE", "20000", "key", "100"],
    ["FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)"],
  ]);
  let folder: string;
  let server: AnsweringServer | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sider-rdb-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await server?.stop();
    server = undefined;
  });

  const port = (): string[] => ["-p", String(server?.port ?? redis.port)];
  /** Sizes of dumps differ with the time that stands in them. */
  const withoutSizes = ({ stderr, ...rest }: RunResult): RunResult => ({
    ...rest,
    stderr: stderr.replace(/\d+ bytes/g, "# bytes"),
  });
  const keysIn = (path: string): string => {
    const { status, stdout } = spawnSync("redis-check-rdb", [path], { encoding: "utf8" });
    return status === 0 ? (/\[info\] \d+ keys read/.exec(stdout)?.[0] ?? "") : "not a dump";
  };

  /** Both print the same and leave the same under the path, which is put back in between. */
  async function compare(args: readonly string[], path?: string): Promise<RunResult> {
    const expected = withoutSizes(await runRedisCli([...port(), ...args]));
    const isFile = path !== undefined && existsSync(path);
    const keys = isFile ? keysIn(path) : "";
    if (isFile) rmSync(path);
    const actual = await runCli([...port(), ...args]);
    expect(withoutSizes(actual)).toEqual(expected);
    if (isFile) expect(keysIn(path)).toBe(keys);
    return actual;
  }

  test.each(["yes", "no"])("a file, with repl-diskless-sync %s", async (isDiskless) => {
    await redis.client.send(["CONFIG", "SET", "repl-diskless-sync", isDiskless]);
    const path = join(folder, "dump.rdb");
    for (const option of ["--rdb", "--functions-rdb"]) {
      const { code } = await compare([option, path], path);
      expect(code).toBe(0);
      expect(keysIn(path)).toBe(`[info] ${option === "--rdb" ? 20000 : 0} keys read`);
      rmSync(path);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["yes", "no"])(
    "standard output, with repl-diskless-sync %s: the dump and nothing else",
    async (isDiskless) => {
      await redis.client.send(["CONFIG", "SET", "repl-diskless-sync", isDiskless]);
      const expected = await runRedisCli([...port(), "--rdb", "-"]);
      const actual = await runCli([...port(), "--rdb", "-"]);
      expect(withoutSizes({ ...actual, stdout: "" })).toEqual(withoutSizes({ ...expected, stdout: "" }));
      // redis-cli leaves the mark in it.
      expect(actual.stdout.length).toBe(expected.stdout.length - (isDiskless === "yes" ? MARK.length : 0));
      writeFileSync(join(folder, "dump.rdb"), actual.stdout, "latin1");
      expect(keysIn(join(folder, "dump.rdb"))).toBe("[info] 20000 keys read");
    },
  );

  test("a longer file that was there is replaced; a link to it stays a link, and it keeps its mode", async () => {
    const [path, link] = [join(folder, "dump.rdb"), join(folder, "link.rdb")];
    writeFileSync(path, "x".repeat(5_000_000), { mode: 0o600 });
    symlinkSync(path, link);
    expect((await runCli([...port(), "--rdb", link])).code).toBe(0);
    expect(keysIn(path)).toBe("[info] 20000 keys read");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(["dump.rdb", "link.rdb"]);
  });

  test("files that cannot be written", async () => {
    await compare(["--rdb", join(folder, "none", "dump.rdb")]);
    await compare(["--rdb", folder]);
    await compare(["--rdb", "/dev/full"]);
  });

  test("a device", async () => {
    expect(await runCli([...port(), "--rdb", "/dev/null"])).toMatchObject({ code: 0 });
  });

  test("nobody listens, or not to us", async () => {
    await compare(["--rdb", join(folder, "a"), "-n", "99"]);
    await compare(["--rdb", join(folder, "a"), "-a", "wrong", "--no-auth-warning"]);
    const args = ["-p", String(await freePort()), "--rdb", join(folder, "a")];
    expect(await runCli(args)).toEqual(await runRedisCli(args));
    expect(readdirSync(folder)).toEqual([]);
  });

  const answering =
    (sync: string | null, replconf: Answer = () => "+OK\r\n"): Answer =>
    (args) =>
      args[0] === "REPLCONF" ? replconf(args) : sync;
  const refuses =
    (name: string): Answer =>
    (args) =>
      args[1] === name ? "-ERR Unrecognized REPLCONF option\r\n" : "+OK\r\n";

  const answers: [title: string, answer: Answer, option?: string][] = [
    ["SYNC is refused", answering("-NOPERM no\r\n")],
    ["SYNC is refused after a while", answering("\n\n\n-ERR no\r\n")],
    ["an old server", answering("$4\r\nDUMP", () => "-ERR unknown\r\n")],
    ["an old server, and functions are wanted", answering("$4\r\nDUMP", refuses("rdb-filter-only")), "--functions-rdb"],
    ["no reply to REPLCONF", answering("", () => null)],
    ["no reply to SYNC", answering(null)],
    ["line ends first", answering("\n\n\n\n$4\r\nDUMP")],
    ["a mark", answering(`$EOF:${MARK}\r\nDUMP${MARK}`)],
  ];

  test.each(answers)("%s", async (_, answer, option = "--rdb") => {
    server = await startAnsweringServer(answer, true);
    const path = join(folder, "dump.rdb");
    const expected = await runRedisCli([...port(), option, path]);
    const content = existsSync(path) ? readFileSync(path, "latin1") : undefined;
    rmSync(path, { force: true });
    expect(await runCli([...port(), option, path])).toEqual(expected);
    expect(existsSync(path) ? readFileSync(path, "latin1") : undefined).toBe(content);
  });

  test.each([`$EOF:${MARK}\r\nDUMP${MARK.slice(1)}`, "$100\r\nDUMP"])(
    "the end in the middle of a dump: what was there stays (%j)",
    async (beginning) => {
      server = await startAnsweringServer(answering(beginning), true, true);
      const path = join(folder, "dump.rdb");
      const expected = await runRedisCli([...port(), "--rdb", path]);
      writeFileSync(path, "before");
      expect(await runCli([...port(), "--rdb", path])).toEqual(expected);
      expect(expected.code).toBe(1);
      expect(readdirSync(folder)).toEqual(["dump.rdb"]);
      expect(readFileSync(path, "utf8")).toBe("before");
    },
  );

  test("Ctrl-C leaves nothing behind", async () => {
    server = await startAnsweringServer(answering("$100\r\nDUMP"), true);
    const cli = startCli([...port(), "--rdb", join(folder, "dump.rdb")]);
    await until(() => Promise.resolve(readdirSync(folder).length > 0));
    cli.interrupt();
    expect((await cli.result).code).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });
});
