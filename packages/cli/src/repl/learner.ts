/**
 * Learns from the server what commands it has beside those of command-spec (modules, scripts, other versions): only when one of them
 * seems to be typed, once for a connection, and without anybody having to wait.
 */
import type { ServerNames } from "./completion/server-names.ts";
import { type KnownCommands, type KnownCommand } from "./grammar/known-commands.ts";
import { commandsOfDocs, namesOf } from "./grammar/server-commands.ts";
import { scanWords } from "./grammar/words.ts";

/** More are not asked for: a server has a few hundred. */
const MOST_COMMANDS = 2000;
const MOST_ATTEMPTS = 3;
const PROMPT_WORD = /^(help|\?|:.*|connect|clear|quit|exit|[+-]?\d+)$/i;

export class Learner {
  private readonly known: KnownCommands;
  private readonly names: ServerNames;
  private learning: Promise<void> | null = null;
  private attempts = 0;

  constructor(known: KnownCommands, names: ServerNames) {
    this.known = known;
    this.names = names;
  }

  /** Whether the line names a command that nothing is known of, and the server was not asked yet. */
  isWorthAsking(line: string): boolean {
    if (this.learning !== null) return false;
    const values = scanWords(line).map(({ value }) => value);
    return (
      values.length > 0 &&
      /\s$/.test(line) &&
      !PROMPT_WORD.test(values[0] ?? "") &&
      this.known.find(values) === undefined
    );
  }

  learn(): Promise<void> {
    return (this.learning ??= this.ask());
  }

  /** Another server may have other commands. */
  forget(): void {
    this.learning = null;
    this.attempts = 0;
  }

  private async ask(): Promise<void> {
    const list = await this.names.ask(["COMMAND", "LIST"]);
    // It did not answer in time: it may the next time.
    if (list === null && ++this.attempts < MOST_ATTEMPTS) this.learning = null;
    const listed = namesOf(list);
    const unknown = listed.filter((name) => !name.includes("|") && this.known.find([name]) === undefined);
    if (unknown.length === 0 || unknown.length > MOST_COMMANDS) return;
    this.known.learn(commandsOfDocs(await this.names.ask(["COMMAND", "DOCS", ...unknown])).filter(isNamed));
  }
}

function isNamed({ name }: KnownCommand): boolean {
  return name !== "";
}
