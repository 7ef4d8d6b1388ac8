/**
 * What the prompt knows of commands: colours of a line, hints, candidates, help. All of it leans on
 * command-spec, and is loaded when the prompt is on the screen already.
 */
import type { Printer } from "../format/printer.ts";
import { complete } from "./completion/complete.ts";
import type { ServerNames } from "./completion/server-names.ts";
import type { Span } from "./editor/display.ts";
import { KnownCommands, type KnownCommand } from "./grammar/known-commands.ts";
import { highlight } from "./highlight.ts";
import { hintFor } from "./hints.ts";
import { Learner } from "./learner.ts";
import type { LineStyles } from "./palette.ts";

/** A line that is longer is not read with each key: it was pasted, and nobody looks at its hints. */
const LONGEST_READ = 20_000;

export class Assistance {
  private readonly known = new KnownCommands();
  private readonly names: ServerNames;
  private readonly learner: Learner;
  private readonly onLearnt: () => void;

  /** `onLearnt` is told when more is known than before. */
  constructor(names: ServerNames, onLearnt: () => void) {
    this.names = names;
    this.learner = new Learner(this.known, names);
    this.onLearnt = onLearnt;
  }

  /** The prompt is at another server now, or somebody else's. */
  forgetServer(): void {
    this.names.close();
    this.learner.forget();
  }

  paint(line: string, styles: LineStyles): Span[] {
    return line.length > LONGEST_READ ? [{ text: line, style: "" }] : highlight(line, this.known, styles);
  }

  hint(line: string): string {
    if (line.length > LONGEST_READ) return "";
    if (this.learner.isWorthAsking(line)) void this.learner.learn().then(this.onLearnt);
    return hintFor(line, this.known);
  }

  complete(line: string, cursor: number, asksServer: boolean): ReturnType<typeof complete> {
    return complete(line, cursor, this.known, asksServer ? (query, prefix) => this.names.find(query, prefix) : null);
  }

  find(args: readonly string[]): KnownCommand | undefined {
    return this.known.find(args);
  }

  async printHelp(out: Printer, topic: readonly string[], hasColor: boolean, columns: number): Promise<void> {
    const { printHelp } = await import("./help.ts");
    if (topic.length > 0) await this.learner.learn();
    printHelp(out, topic, { known: this.known, hasColor, columns });
  }
}
