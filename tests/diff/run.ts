/**
 * The differential run: random steps to both servers in pipelines, replies compared, and every difference reduced to the fewest
 * steps that still show it.
 */
import { intendedDifference } from "./differences.ts";
import { StepGenerator } from "./generator.ts";
import { repliesAgree } from "./normalise.ts";
import { exchangeDumps, type Peers, readingCommands } from "./peers.ts";
import { Random } from "../support/random.ts";
import { shrink } from "./shrink.ts";
import type { Step } from "./steps.ts";
import { allKeys } from "./values.ts";

export interface RunOptions {
  seed: number;
  commands: number;
  /** Stop after this many differences; the servers start empty again after each. */
  mostDifferences: number;
  /** Only these commands (full names such as "object|encoding"); empty for all. */
  only: readonly string[];
}

export interface Difference {
  /** Number of the step in the run, from 0. */
  at: number;
  step: Step;
  reference: Buffer;
  subject: Buffer;
  /** How often it was seen, alike in the command and in how both replies begin. */
  times: number;
  /** The fewest steps found, on empty servers, whose last one differs; null when the difference did not come back. */
  minimal: Step[] | null;
}

type Found = Omit<Difference, "minimal" | "times">;

export interface RunResult {
  commands: number;
  differences: Difference[];
  /** How often each intended difference was seen. */
  intended: Map<string, number>;
}

/** Steps that are sent before replies are awaited. */
const pipelineSteps = 250;
/** After this many steps all that can be seen of the store is compared. */
const stepsBetweenAudits = 20_000;
const auditedDatabases = 4;

export async function runDifferential(peers: Peers, options: RunOptions): Promise<RunResult> {
  await resetBoth(peers);
  const generator = new StepGenerator(new Random(options.seed), await payloadsOf(peers), options.only);
  const result: RunResult = { commands: 0, differences: [], intended: new Map() };
  let history: Step[] = [];
  await resetBoth(peers);
  while (result.commands < options.commands && result.differences.length < options.mostDifferences) {
    const steps = nextSteps(generator, Math.min(pipelineSteps, options.commands - result.commands));
    const count = steps.length;
    const isAuditDue =
      Math.floor((result.commands + count) / stepsBetweenAudits) > Math.floor(result.commands / stepsBetweenAudits);
    const difference = await firstDifference(peers, isAuditDue ? [...steps, ...audit()] : steps, result.intended);
    if (difference === "parted") {
      await resetBoth(peers);
      history = [];
    } else if (difference !== null) {
      const alike = result.differences.find((known) => signature(known) === signature(difference));
      if (alike !== undefined) {
        alike.times++;
      } else {
        const before = [...history, ...steps.slice(0, difference.at)];
        const minimal = await shrink(before, difference.step, (candidate) => showsDifference(peers, candidate));
        result.differences.push({ ...difference, at: result.commands + difference.at, times: 1, minimal });
      }
      await resetBoth(peers);
      history = [];
    } else {
      history.push(...steps);
    }
    result.commands += count;
  }
  return result;
}

/** As many steps, and those that belong to the last of them: an audit sees no half sequence. */
function nextSteps(generator: StepGenerator, count: number): Step[] {
  const steps: Step[] = [];
  while (steps.length < count || generator.isAmidSequence) steps.push(generator.next());
  return steps;
}

/** Differences with the same signature are most likely one mistake. */
function signature({ step, reference, subject }: Found): string {
  const beginning = (bytes: Buffer): string => bytes.toString("latin1", 0, 24).replaceAll(/\d+/g, "0");
  const name = step.kind === "command" ? (step.args[0] ?? "").toLowerCase() : step.kind;
  return JSON.stringify([name, beginning(reference), beginning(subject)]);
}

/** Runs steps on both sides until one differs, or until an intended difference has parted them. */
async function firstDifference(
  peers: Peers,
  steps: readonly Step[],
  intended: Map<string, number>,
): Promise<Found | "parted" | null> {
  for (let at = 0; at < steps.length;) {
    const batch = pipelineFrom(steps, at);
    const [reference, subject] = await repliesTo(peers, batch);
    for (const [index, step] of batch.entries()) {
      const pair = { reference: reference[index] ?? Buffer.alloc(0), subject: subject[index] ?? Buffer.alloc(0) };
      const verdict = judge(step, pair.reference, pair.subject, intended);
      if (verdict === "parted") return "parted";
      if (verdict === "differ") return { at: at + index, step, ...pair };
    }
    at += batch.length;
  }
  return null;
}

/** The commands from there on up to the next composite step, or that step alone. */
function pipelineFrom(steps: readonly Step[], start: number): Step[] {
  const rest = steps.slice(start);
  const composite = rest.findIndex((step) => step.kind !== "command");
  return composite < 0 ? rest : rest.slice(0, Math.max(1, composite));
}

async function repliesTo(peers: Peers, batch: readonly Step[]): Promise<[Buffer[], Buffer[]]> {
  const [first] = batch;
  if (first?.kind === "scan") {
    return [[await peers.reference.scanAll(first)], [await peers.subject.scanAll(first)]];
  }
  if (first?.kind === "exchange") {
    const [reference, subject] = await exchangeDumps(peers, first);
    return [[reference], [subject]];
  }
  const commands = batch.map((step) => (step.kind === "command" ? step.args : []));
  return Promise.all([peers.reference.replies(commands), peers.subject.replies(commands)]);
}

function judge(
  step: Step,
  reference: Buffer,
  subject: Buffer,
  intended: Map<string, number>,
): "agree" | "parted" | "differ" {
  if (step.kind !== "command") return reference.equals(subject) ? "agree" : "differ";
  const known = intendedDifference(step.args, reference, subject);
  if (known === null) return repliesAgree(step.args, reference, subject) ? "agree" : "differ";
  intended.set(known.name, (intended.get(known.name) ?? 0) + 1);
  return known.leavesTraces === true ? "parted" : "agree";
}

/** Whether the last of these steps differs, and it alone, on empty servers. */
async function showsDifference(peers: Peers, steps: readonly Step[]): Promise<boolean> {
  await resetBoth(peers);
  const difference = await firstDifference(peers, steps, new Map());
  return difference !== null && difference !== "parted" && difference.at === steps.length - 1;
}

async function resetBoth(peers: Peers): Promise<void> {
  await Promise.all([peers.reference.reset(), peers.subject.reset()]);
}

/** DUMP payloads for RESTORE to be given at random, written by the reference. */
async function payloadsOf(peers: Peers): Promise<string[]> {
  const values = ["", "hello", "12", "-70000", "123456789012", "z".repeat(100), "\0\xff"];
  const payloads: string[] = [];
  for (const value of values) {
    await peers.reference.reply("SET", "payload", value);
    payloads.push((await peers.reference.dump("payload")) ?? "");
  }
  for (const command of typedPayloads()) {
    await peers.reference.reply("DEL", "payload");
    await peers.reference.reply(...command);
    payloads.push((await peers.reference.dump("payload")) ?? "");
  }
  return payloads;
}

/** Commands that make a value of each type and of each encoding under the key "payload". */
function typedPayloads(): string[][] {
  const few = ["a", "1", "b", "2", "c", "3"];
  const many = Array.from({ length: 600 }, (_, at) => `element${at}`);
  // Read as places these scores are far from each other: which of equally near ones COUNT leaves out would be a matter of the sort.
  const scored = (members: readonly string[]): string[] =>
    members.flatMap((member, at) => [String(at * 7e12 + at / 4), member]);
  return [
    ["RPUSH", "payload", ...few],
    ["RPUSH", "payload", ...many],
    ["SADD", "payload", "1", "2", "70000"],
    ["SADD", "payload", ...few],
    ["SADD", "payload", ...many],
    ["HSET", "payload", ...few],
    ["HSET", "payload", ...many],
    ["ZADD", "payload", ...scored(few)],
    ["ZADD", "payload", ...scored(many)],
    ["XADD", "payload", "7-1", ...few],
    ["PFADD", "payload", ...few],
  ];
}

/** Everything that can be seen of the keys of the run, in each database that it uses. */
function audit(): Step[] {
  const commands: string[][] = [];
  for (let database = 0; database < auditedDatabases; database++) {
    commands.push(["SELECT", String(database)], ["DBSIZE"], ["KEYS", "*"]);
    for (const key of allKeys)
      commands.push(...readingCommands(key), ["PEXPIRETIME", key], ["OBJECT", "ENCODING", key], ["DUMP", key]);
  }
  return [...commands, ["SELECT", "0"]].map((args) => ({ kind: "command", args }));
}
