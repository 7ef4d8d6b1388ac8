/**
 * The prompt on a terminal: reads a line, runs it, shows what came, until the person leaves.
 *
 *     keys -> editor -> line -> interpreter -> session -> reply -> pager or screen
 *               ^ colours, hint, candidates: from command-spec and the server
 *
 * At the prompt Ctrl-C empties the line, and leaves when there is nothing on it, or ends subscriptions first. While a command runs
 * Ctrl-C gives it up together with its connection, and connects again.
 */
import type { Attendant, Loss } from "../session/attendant.ts";
import { listens } from "../command-traits.ts";
import { binaryOf } from "../format/printer.ts";
import type { ReplyStyle } from "../format/standard.ts";
import type { ProgramProcess } from "../process.ts";
import type { Screen } from "../screen.ts";
import type { Session } from "../session/session.ts";
import type { Assistance } from "./assistance.ts";
import { ServerNames } from "./completion/server-names.ts";
import { Display, type Span } from "./editor/display.ts";
import { Editor, type EditorHooks } from "./editor/editor.ts";
import { scanWords } from "./grammar/words.ts";
import { explainLoss } from "./explain-loss.ts";
import { dotfilePath, History } from "./history.ts";
import { Interpreter, type PromptCommands } from "./interpreter.ts";
import { Pager } from "./pager.ts";
import { editorStyles, lineStyles, paintReply, wantsColor } from "./palette.ts";
import { applySetting, listPreferences, readPreferences, type Preferences } from "./preferences.ts";
import { prettyReply } from "./pretty.ts";
import { TerminalMode } from "./terminal-mode.ts";

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
  private readonly names: ServerNames;
  private assistance: Assistance | null = null;
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
    const line = this.editor.read();
    // The prompt is on the screen now.
    if (this.assistance === null) void this.assist().then(() => this.editor.refresh());
    const reading = await line;
    if (reading.kind === "interrupt" && this.session.isSubscribed) {
      this.session.interrupt();
      return this.session.connect().then(() => true);
    }
    if (reading.kind !== "line") return false;
    this.history.add(reading.text);
    const { placeCount } = this.session;
    const run = (): Promise<string> => this.interpreter.execute(binaryOf(reading.text));
    const outcome = await (this.isPageable(reading.text) ? this.pager.run(run) : run());
    if (this.session.placeCount !== placeCount) this.assistance?.forgetServer();
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
    return this.assistance?.paint(line, lineStyles(this.preferences.color)) ?? [{ text: line, style: "" }];
  }

  hint(line: string): string {
    return this.preferences.hints ? (this.assistance?.hint(line) ?? "") : "";
  }

  complete(line: string, cursor: number): ReturnType<Assistance["complete"]> {
    const { assistance } = this;
    const complete = (by: Assistance): ReturnType<Assistance["complete"]> =>
      by.complete(line, cursor, this.preferences.completion);
    return assistance === null ? this.assist().then(complete) : complete(assistance);
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
    return explainLoss(loss, (args) => this.assistance?.find(args));
  }

  // What the interpreter asks.

  set(words: readonly string[]): boolean {
    if (words.length > 0) return applySetting(this.preferences, words);
    this.screen.out.add(listPreferences(this.preferences));
    this.screen.out.flush();
    return true;
  }

  async help(topic: readonly string[]): Promise<void> {
    const assistance = await this.assist();
    await assistance.printHelp(this.screen.out, topic, this.preferences.color, this.display.columns);
  }

  /** Loads what knows of commands, once. */
  private async assist(): Promise<Assistance> {
    const { Assistance } = await import("./assistance.ts");
    this.assistance ??= new Assistance(this.names, () => this.editor.refresh());
    return this.assistance;
  }
}
