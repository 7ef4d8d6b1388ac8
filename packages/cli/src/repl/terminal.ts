/**
 * The prompt on a terminal: reads a line, runs it, shows what came, until the person leaves.
 *
 *     keys -> editor -> line -> interpreter -> session -> reply -> pager or screen
 *               ^ colours, hint, candidates: from command-spec and the server
 *
 * At the prompt Ctrl-C empties the line, and leaves when there is nothing on it, or ends subscriptions first. While a command runs
 * Ctrl-C gives it up together with its connection, and connects again.
 */
import type { Attendant, Loss } from "../attendant.ts";
import { listens } from "../command-traits.ts";
import { binaryOf } from "../format/printer.ts";
import type { ReplyStyle } from "../format/standard.ts";
import type { ProgramProcess } from "../process.ts";
import type { Screen, Session } from "../session.ts";
import { complete } from "./completion/complete.ts";
import { ServerNames } from "./completion/server-names.ts";
import { Display, type Span } from "./editor/display.ts";
import { Editor, type EditorHooks } from "./editor/editor.ts";
import { scanWords } from "./grammar/words.ts";
import { KnownCommands } from "./grammar/known-commands.ts";
import { hintFor } from "./hints.ts";
import { highlight } from "./highlight.ts";
import { dotfilePath, History } from "./history.ts";
import { Interpreter, type PromptCommands } from "./interpreter.ts";
import { Learner } from "./learner.ts";
import { Pager } from "./pager.ts";
import { editorStyles, lineStyles, paintReply, wantsColor } from "./palette.ts";
import { applySetting, listPreferences, readPreferences, type Preferences } from "./preferences.ts";
import { prettyReply } from "./pretty.ts";
import { TerminalMode } from "./terminal-mode.ts";
import { explainLoss } from "./explain-loss.ts";

/** Reads and runs lines until `quit`, Ctrl-D or the end of the input. Resolves with the exit code. */
export async function runTerminal(session: Session, screen: Screen, terminal: ProgramProcess): Promise<number> {
  const isDumb = !terminal.stdout.isTTY || terminal.env["TERM"] === "dumb";
  const prompt = isDumb ? null : new Prompt(session, screen, terminal);
  await session.connect();
  if (prompt !== null) await prompt.run();
  else {
    const { runDumbTerminal } = await import("./dumb-terminal.ts");
    await runDumbTerminal(session, new Interpreter(session, screen), terminal);
  }
  return 0;
}

class Prompt implements PromptCommands, EditorHooks, Attendant {
  readonly staysSubscribed = true;
  private readonly session: Session;
  private readonly screen: Screen;
  private readonly interpreter: Interpreter;
  private readonly preferences: Preferences;
  private readonly known = new KnownCommands();
  private readonly names: ServerNames;
  private readonly learner: Learner;
  private readonly history: History;
  private readonly display: Display;
  private readonly editor: Editor;
  private readonly mode: TerminalMode;
  private readonly pager: Pager;

  constructor(session: Session, screen: Screen, terminal: ProgramProcess) {
    const { env, stdout } = terminal;
    this.session = session;
    this.screen = screen;
    this.preferences = {
      hints: true,
      color: wantsColor(env),
      completion: true,
      pretty: !session.isFormatDemanded,
      pager: true,
    };
    this.interpreter = new Interpreter(session, screen, this);
    this.names = new ServerNames((signal) => session.openAnother(signal));
    this.learner = new Learner(this.known, this.names);
    this.history = new History(dotfilePath(env, "REDISCLI_HISTFILE", ".sidercli_history"));
    this.display = new Display(stdout);
    this.editor = new Editor(this.display, this.history.lines, this);
    this.mode = new TerminalMode(terminal, {
      press: (key) => this.editor.press(key),
      interrupted: () => this.editor.interrupted(),
      resized: () => this.editor.resized(),
      returned: () => this.editor.refresh(),
    });
    this.pager = new Pager(screen.out, terminal, this.mode);
    readPreferences(dotfilePath(env, "REDISCLI_RCFILE", ".redisclirc"), this.preferences, (line) => screen.warn(line));
    session.attendant = this;
  }

  /** Resolves when the person leaves. */
  async run(): Promise<void> {
    this.mode.enter();
    try {
      while (await this.readAndRun());
    } finally {
      this.names.close();
      this.mode.leave();
    }
  }

  /** False when the person leaves. */
  private async readAndRun(): Promise<boolean> {
    const reading = await this.editor.read();
    if (reading.kind === "interrupt" && this.session.isSubscribed) {
      this.session.interrupt();
      return this.session.connect().then(() => true);
    }
    if (reading.kind !== "line") return false;
    this.history.add(reading.text);
    const { placeCount } = this.session;
    const run = (): Promise<string> => this.interpreter.execute(binaryOf(reading.text));
    const outcome = await (this.isPageable(reading.text) ? this.pager.run(run) : run());
    if (this.session.placeCount !== placeCount) this.names.close();
    if (outcome === "clear") this.display.clearScreen();
    return outcome !== "quit";
  }

  /** What has no end is not for a pager. */
  private isPageable(line: string): boolean {
    const words = scanWords(line).map(({ value }) => value);
    const hasEnd = !words.slice(0, 2).some((_, at) => listens(words.slice(at)));
    return this.preferences.pager && hasEnd && !this.session.isSubscribed;
  }

  // What the editor asks.

  prompt(): Span[] {
    const { prompt, isConnected } = this.session;
    const hasColor = this.preferences.color;
    if (!isConnected) return [{ text: prompt, style: hasColor ? "31" : "" }];
    const [, server = prompt, state = ""] = /^(.*?)((?:\(.*\))?> )$/.exec(prompt) ?? [];
    return [
      { text: server, style: "" },
      { text: state, style: hasColor && state.length > 2 ? "33" : "" },
    ];
  }

  get styles(): EditorHooks["styles"] {
    return editorStyles(this.preferences.color);
  }

  paint(line: string): Span[] {
    return highlight(line, this.known, lineStyles(this.preferences.color));
  }

  hint(line: string): string {
    if (!this.preferences.hints) return "";
    if (this.learner.isWorthAsking(line)) void this.learner.learn().then(() => this.editor.refresh());
    return hintFor(line, this.known);
  }

  complete(line: string, cursor: number): ReturnType<typeof complete> {
    const { completion } = this.preferences;
    return complete(line, cursor, this.known, completion ? (query, prefix) => this.names.find(query, prefix) : null);
  }

  interrupt(): void {
    if (this.session.isBusy) this.session.interrupt();
  }

  suspend(): void {
    this.mode.suspend();
  }

  // What the session asks.

  makeRoom(show: () => void): void {
    this.editor.showAbove(show);
  }

  present(args: readonly string[], reply: Parameters<typeof prettyReply>[1]): ReturnType<Attendant["present"]> {
    const { color, pretty } = this.preferences;
    const style: ReplyStyle = { paint: color ? paintReply : () => ["", ""], isAligned: pretty };
    return { reply: pretty ? prettyReply(args, reply) : reply, style };
  }

  changed(): void {
    this.names.close();
    this.editor.refresh();
  }

  explain(loss: Loss): string[] {
    // What was pasted or typed ahead was meant for the transaction.
    if (loss.wasInTransaction) this.editor.forgetWaiting();
    return explainLoss(loss, this.known);
  }

  // What the interpreter asks.

  set(words: readonly string[]): boolean {
    if (words.length > 0) return applySetting(this.preferences, words);
    this.screen.out.add(listPreferences(this.preferences));
    this.screen.out.flush();
    return true;
  }

  async help(topic: readonly string[]): Promise<void> {
    const { printHelp } = await import("./help.ts");
    if (topic.length > 0) await this.learner.learn();
    const { columns } = this.display;
    printHelp(this.screen.out, topic, { known: this.known, hasColor: this.preferences.color, columns });
  }
}
