/**
 * `npm run tcl -- [files]`: the test suite of Redis 7.0 against Sider, file by file. Ends with status 1 when a test fails that is
 * not in exceptions.ts, when a file does not come to its end, or when an exception names a test that is not there.
 */
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { programsPresent } from "../support/programs.ts";
import { subjectKind } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { exceptions, exceptionsOf, excludedTags, isListedAs } from "./exceptions.ts";
import { makePrivateCopy, removePrivateCopy } from "./private-copy.ts";
import { prepareTls } from "./prepare-tls.ts";
import { runUnit, type UnitResult } from "./run-unit.ts";
import { sourcePackageFolder } from "./source-package.ts";

/** A name that ends with a star stands for all files that begin so. */
const defaultUnits = [
  "type/*",
  "keyspace",
  "sort",
  "scan",
  "bitops",
  "bitfield",
  "geo",
  "hyperloglog",
  "expire",
  "dump",
]
  .concat(["lazyfree", "multi", "violations", "protocol", "aofrw", "shutdown", "other", "acl", "acl-v2", "auth"])
  .concat(["tls", "pubsub", "pubsubshard", "tracking", "slowlog", "latency-monitor", "info", "info-command"])
  .concat([
    "maxmemory",
    "memefficiency",
    "client-eviction",
    "obuf-limits",
    "pause",
    "querybuf",
    "pendingquerybuf",
    "replybufsize",
    "limits",
    "quit",
    "networking",
    "introspection",
    "introspection-2",
  ])
  .map((name) => `unit/${name}`)
  .concat(
    ["aof", "aof-race", "aof-multi-part", "rdb", "convert-*", "corrupt-dump*", "dismiss-mem", "logging"].map(
      (name) => `integration/${name}`,
    ),
  );

const usage = `npm run tcl -- [options] [unit/type/list unit/type/* ...]

  --all            also the tests of exceptions.ts: which of them pass by now
  --only TEST      only this test (may be repeated; /regular expression)
  --silence N      seconds without progress until a file is given up (120)
  --baseport N     first port for servers (21111)
  --large-memory   also the tests that need gigabytes
  --keep           leaves the private copy and the servers' logs in place
  --details        prints what each failure says
  --subject redis  redis-server itself`;

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  allowPositionals: true,
  options: {
    all: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    silence: { type: "string", default: "120" },
    baseport: { type: "string", default: "21111" },
    "large-memory": { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    details: { type: "boolean", default: false },
    subject: { type: "string", default: subjectKind },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (!programsPresent("tcl", "tclsh", "apt-get", "dpkg-source", "redis-cli", "redis-benchmark")) return 1;
  const folder = mkdtempSync(join(tmpdir(), "sider-tcl-"));
  process.once("exit", () => (values.keep ? console.log(`kept: ${folder}`) : removePrivateCopy(folder)));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  makePrivateCopy(await sourcePackageFolder(), folder, values.subject === "redis" ? "redis" : "sider");
  const results: UnitResult[] = [];
  for (const unit of unitsIn(folder, positionals.length === 0 ? defaultUnits : positionals)) {
    results.push(await run(folder, unit));
  }
  return report(results);
}

/** Names of files, with name* replaced by the files that begin so (without those that hold no tests of their own). */
function unitsIn(folder: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (!name.endsWith("*")) return [name.replace(/^tests\//, "").replace(/\.tcl$/, "")];
    const [parent, prefix] = [dirname(name), basename(name).slice(0, -1)];
    const files = readdirSync(join(folder, "tests", parent)).filter(
      (file) => file.startsWith(prefix) && /(?<!-common)\.tcl$/.test(file),
    );
    return files.sort().map((file) => `${parent}/${file.slice(0, -4)}`);
  });
}

async function run(folder: string, unit: string): Promise<UnitResult> {
  console.log(`${unit} ...`);
  const suiteArguments = ["--baseport", values.baseport, ...values.only.flatMap((test) => ["--only", test])];
  for (const tag of excludedTags[unit] ?? []) suiteArguments.push("--tags", `-${tag}`);
  if (values["large-memory"]) suiteArguments.push("--large-memory");
  if (unit === "unit/tls" && (await prepareTls(folder))) suiteArguments.push("--tls");
  const skippedTests = values.all ? [] : exceptionsOf(unit);
  const onLine = (line: string): void => console.log(`  ${line}`);
  return runUnit({ folder, unit, skippedTests, silenceSeconds: Number(values.silence), suiteArguments, onLine });
}

function report(results: readonly UnitResult[]): number {
  for (const result of results) {
    if (!result.ended) console.log(`\n${result.unit} did not come to its end:\n${result.tail}`);
    if (values.details)
      for (const { test, details } of result.failed) console.log(`\n${result.unit}: ${test}\n${details}`);
  }
  const count = (of: (result: UnitResult) => number): string =>
    String(results.reduce((sum, result) => sum + of(result), 0));
  const columns = (result: UnitResult): number[] =>
    [result.passed, result.failed, result.skipped, result.ignored].map((tests) => tests.length);
  const total = [0, 1, 2, 3].map((column) => count((result) => columns(result)[column] ?? 0));
  const rows = results.map((result) => [
    result.unit,
    ...columns(result).map(String),
    result.seconds.toFixed(0),
    result.ended ? "" : "not ended",
  ]);
  console.log(
    `\n${renderTable(["file", "passed", "failed", "listed", "by tag", "seconds", ""], [...rows, ["all", ...total, "", ""]])}`,
  );
  const unknown = unknownExceptions(results);
  if (unknown.length > 0) console.log(`\nin exceptions.ts, but not in the suite:\n  ${unknown.join("\n  ")}`);
  printExceptions(results);
  return unknown.length === 0 && results.every((result) => result.ended && result.failed.length === 0) ? 0 : 1;
}

/** Exceptions that no test of a file answers to. */
function unknownExceptions(results: readonly UnitResult[]): string[] {
  if (values.all || values.only.length > 0) return [];
  return results
    .filter((result) => result.ended)
    .flatMap(({ unit, skipped }) =>
      exceptionsOf(unit)
        .filter((listed) => !skipped.some((test) => isListedAs(listed, test)))
        .map((listed) => `${unit}: ${listed}`),
    );
}

function printExceptions(results: readonly UnitResult[]): void {
  for (const { reason, tests } of exceptions) {
    const count = results.reduce((sum, { unit, skipped }) => {
      const listed = tests[unit] ?? [];
      return sum + skipped.filter((test) => listed.some((name) => isListedAs(name, test))).length;
    }, 0);
    if (count > 0) console.log(`${String(count).padStart(4)} left out: ${reason}`);
  }
}

process.exitCode = await main();
