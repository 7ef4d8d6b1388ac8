/**
 * What one line at the prompt means, typed or from a script: a command to send, or one of the CLI's own.
 *
 *     [count] command argument ...     quit | exit     connect host port     help [command | @group]     clear     :set [preference]
 */
import { performance } from "node:perf_hooks";
import { beginsWith } from "../arguments.ts";
import type { Screen } from "../screen.ts";
import type { Session } from "../session/session.ts";
import { splitArguments } from "../split-arguments.ts";

/** From this on the time that a command took is told. */
const LONG_MS = 500;

/** What a line asks of the loop that reads lines. */
export type Outcome = "next" | "quit" | "clear";

/** What a prompt on a terminal makes of the words that are not for the server; a script does without. */
export interface PromptCommands {
  /** Changes a preference, or lists them. False when there is none of that name. */
  set(words: readonly string[]): boolean;
  help(topic: readonly string[]): Promise<void>;
}

export class Interpreter {
  private readonly session: Session;
  private readonly screen: Screen;
  private readonly prompt: PromptCommands | null;

  constructor(session: Session, screen: Screen, prompt: PromptCommands | null = null) {
    this.session = session;
    this.screen = screen;
    this.prompt = prompt;
  }

  /** Does what a line (binary text) says. */
  async execute(line: string): Promise<Outcome> {
    const args = splitArguments(line);
    if (args === null) return this.say("Invalid argument(s)");
    const [first = ""] = args;
    if (args.length === 0) return "next";
    if (args.length > 1 && /^(\s*[+-]?\d+)?$/.test(first)) return this.repeat(args.slice(1), Number(first));
    if (beginsWith(args, "quit") || beginsWith(args, "exit")) return "quit";
    if (first.startsWith(":")) return this.prefer(args);
    if (beginsWith(args, "restart")) return this.say("Use 'restart' only in Lua debugging mode.");
    if (beginsWith(args, "clear") && args.length === 1) return "clear";
    if (beginsWith(args, "connect") && args.length === 3) {
      await this.session.connectTo({ kind: "tcp", host: args[1] ?? "", port: parseInt(args[2] ?? "", 10) || 0 });
      return "next";
    }
    return this.repeat(args, 1);
  }

  private async repeat(args: readonly string[], count: number): Promise<Outcome> {
    if (count <= 0 || !Number.isSafeInteger(count)) return this.say("Invalid redis-cli repeat command option value.");
    if (beginsWith(args, "help") || beginsWith(args, "?")) return this.help(args.slice(1));
    const startMs = performance.now();
    await this.session.run(args, count);
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs < LONG_MS || this.session.format.format !== "standard") return "next";
    return this.say(`(${(elapsedMs / 1000).toFixed(2)}s)`);
  }

  private async help(topic: readonly string[]): Promise<Outcome> {
    if (this.prompt !== null) await this.prompt.help(topic);
    else (await import("./help.ts")).printHelp(this.screen.out, topic);
    this.screen.out.flush();
    return "next";
  }

  private prefer([command = "", ...words]: readonly string[]): Outcome {
    const isSet = command.toLowerCase() === ":set" && (words.length > 0 || this.prompt !== null);
    if (!isSet) return this.say(`unknown redis-cli internal command '${command}'`);
    // A script has no hints to show, but may say so.
    const isKnown = this.prompt?.set(words) ?? /^(no)?hints$/i.test(words[0] ?? "");
    return isKnown ? "next" : this.say(`unknown redis-cli preference '${words[0] ?? ""}'`);
  }

  private say(binaryLine: string): Outcome {
    this.screen.out.add(binaryLine + "\n");
    this.screen.out.flush();
    return "next";
  }
}
