/**
 * --bigkeys and --memkeys: of each type the key with the most elements, or the one that takes the most memory, and averages. The report
 * is redis-cli's line by line; Ctrl-C ends the search early, with a summary of what it has seen.
 *
 * A page of keys goes through two stages, TYPE and then the size of each; the first stage of a page shares its round trip with the
 * second one of the page before and with the SCAN for the page behind.
 */
import { ReplyError, type Reply, type RequestArgument } from "@sider/resp-protocol/client";
import type { ConnectionError } from "../client/connection-error.ts";
import { escapeBytes } from "../format/escapes.ts";
import { fixed } from "../format/fixed.ts";
import { binaryTextOf } from "../keys/binary-text.ts";
import { TypeNames } from "../keys/type-names.ts";
import { percentText } from "../keys/percent-text.ts";
import { surveyKeys, type Survey } from "../keys/survey.ts";
import { allReplies, ModeFailure, telling } from "./mode-failure.ts";
import type { ModeContext, RunMode } from "./mode-context.ts";

/** What is known of one type of keys. */
interface TypeReport {
  readonly name: string;
  /** The command that tells how many elements a key has; undefined for types of modules. */
  readonly sizeCommand: string | undefined;
  readonly sizeUnit: string;
  count: number;
  totalSize: number;
  biggestSize: number;
  /** In quotes. */
  biggestKey: string | undefined;
}

interface SizedPage {
  readonly keys: readonly Uint8Array[];
  /** Null for keys that are gone. */
  readonly types: readonly (TypeReport | null)[];
  readonly sizes: readonly number[];
}

const TYPES = [
  ["string", "STRLEN", "bytes"],
  ["list", "LLEN", "items"],
  ["set", "SCARD", "members"],
  ["hash", "HLEN", "fields"],
  ["zset", "ZCARD", "members"],
  ["stream", "XLEN", "entries"],
] as const;

export const runBigKeys: RunMode = telling((context) => new BigKeys(context, false).run());
export const runMemoryKeys: RunMode = telling((context) => new BigKeys(context, true).run());

class BigKeys {
  private readonly context: ModeContext;
  /** Whether memory is what counts. */
  private readonly measuresMemory: boolean;
  private readonly types = new TypeNames<TypeReport>();
  private keyBytes = 0;

  constructor(context: ModeContext, measuresMemory: boolean) {
    this.context = context;
    this.measuresMemory = measuresMemory;
    for (const [name, sizeCommand, unit] of TYPES)
      this.types.add(name, newReport(name, sizeCommand, unit, measuresMemory));
  }

  async run(): Promise<number> {
    if (!(await this.context.session.connectForMode())) return 1;
    const survey = await surveyKeys(this.context, {
      label: this.measuresMemory ? "memkeys" : "bigkeys",
      subject: "biggest keys",
      prepare: (keys) => this.measure(keys),
      digest: (page, survey) => this.digest(page, survey),
    });
    this.printSummary(survey);
    return 0;
  }

  private async measure(keys: readonly Uint8Array[]): Promise<SizedPage> {
    const types = await this.typesOf(keys);
    return { keys, types, sizes: await this.sizesOf(keys, types) };
  }

  private async typesOf(keys: readonly Uint8Array[]): Promise<(TypeReport | null)[]> {
    const { session } = this.context;
    const replies = await allReplies(
      keys.map((key) => session.send(["TYPE", key])),
      (index, cause) => noReplyText("type", keys[index], cause),
    );
    return replies.map((reply, index) => this.typeOf(reply, keys[index]));
  }

  private typeOf(reply: Reply, key: Uint8Array | undefined): TypeReport | null {
    if (reply instanceof ReplyError) throw new ModeFailure(`TYPE returned an error: ${reply.message}`);
    if (typeof reply !== "string") {
      throw new ModeFailure(`Invalid reply type for TYPE on key '${binaryTextOf(key)}'!`);
    }
    const known = this.types.find(reply);
    if (known !== undefined || reply === "none") return known ?? null;
    const report = newReport(reply, undefined, "?", this.measuresMemory);
    this.types.add(reply, report);
    return report;
  }

  /** The size of each key; 0 where there is none. */
  private async sizesOf(keys: readonly Uint8Array[], types: readonly (TypeReport | null)[]): Promise<number[]> {
    const { session } = this.context;
    const requests = keys.map((key, index) => this.sizeRequest(key, types[index] ?? null));
    const replies = await allReplies(
      requests.map((request) => (request === null ? Promise.resolve<Reply>(0) : session.send(request))),
      (index, cause) => noReplyText("size", keys[index], cause),
    );
    return replies.map((reply, index) => this.sizeOf(reply, keys[index], types[index] ?? null));
  }

  private sizeOf(reply: Reply, key: Uint8Array | undefined, type: TypeReport | null): number {
    if (typeof reply === "number" || typeof reply === "bigint") return Number(reply);
    const command = this.measuresMemory ? "MEMORY USAGE" : (type?.sizeCommand ?? "");
    this.context.screen.warnBinary(`Warning:  ${command} on '${binaryTextOf(key)}' failed (may have changed type)`);
    return 0;
  }

  private sizeRequest(key: Uint8Array, type: TypeReport | null): RequestArgument[] | null {
    if (type === null) return null;
    const { sizeCommand } = type;
    if (!this.measuresMemory) return sizeCommand === undefined ? null : [sizeCommand, key];
    const { memorySamples } = this.context.options.modeOptions;
    const samples = memorySamples === 0 ? [] : ["SAMPLES", String(memorySamples)];
    return ["MEMORY", "USAGE", key, ...samples];
  }

  private digest({ keys, types, sizes }: SizedPage, survey: Survey): void {
    for (const [index, key] of keys.entries()) {
      const type = types[index];
      if (type === null || type === undefined) continue;
      const size = sizes[index] ?? 0;
      type.totalSize += size;
      type.count++;
      this.keyBytes += key.length;
      survey.count();
      if (size > type.biggestSize) this.noteBiggest(type, key, size, survey);
      survey.printMilestone();
    }
  }

  private noteBiggest(type: TypeReport, key: Uint8Array, size: number, survey: Survey): void {
    type.biggestKey = `"${escapeBytes(binaryTextOf(key))}"`;
    type.biggestSize = size;
    const name = type.name.padEnd(6);
    survey.print(
      `[${survey.percent}] Biggest ${name} found so far '${type.biggestKey}' with ${size} ${type.sizeUnit}\n`,
    );
  }

  private printSummary(survey: Survey): void {
    const average = this.keyBytes === 0 ? 0 : this.keyBytes / survey.sampled;
    survey.printSummaryHead();
    survey.print(`Total key length in bytes is ${this.keyBytes} (avg len ${fixed(average, 2)})\n\n`);
    const types = this.types.values();
    for (const { name, biggestKey, biggestSize, sizeUnit } of types) {
      if (biggestKey === undefined) continue;
      survey.print(`Biggest ${name.padStart(6)} found '${biggestKey}' has ${biggestSize} ${sizeUnit}\n`);
    }
    survey.print("\n");
    for (const type of types) survey.print(totalsLine(type, survey.sampled));
  }
}

function newReport(name: string, sizeCommand: string | undefined, unit: string, measuresMemory: boolean): TypeReport {
  const sizeUnit = measuresMemory ? "bytes" : unit;
  return { name, sizeCommand, sizeUnit, count: 0, totalSize: 0, biggestSize: 0, biggestKey: undefined };
}

function totalsLine({ name, count, totalSize, sizeUnit }: TypeReport, sampled: number): string {
  const share = percentText(sampled === 0 ? 0 : (100 * count) / sampled);
  const average = fixed(count === 0 ? 0 : totalSize / count, 2);
  return `${count} ${name}s with ${totalSize} ${sizeUnit} (${share} of keys, avg size ${average})\n`;
}

/** hiredis has a number for each way in which a connection ends. */
function noReplyText(what: string, key: Uint8Array | undefined, cause: ConnectionError): string {
  const number = cause.problem === "protocol" ? 4 : 3;
  return `Error getting ${what} for key '${binaryTextOf(key)}' (${number}: ${cause.message})`;
}
