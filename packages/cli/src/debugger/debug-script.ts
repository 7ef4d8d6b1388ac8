/**
 * The loop of the Lua debugger: starts the script in the server's debugger, sends what is typed, shows what comes back. When the session
 * is over the prompt remains, as an ordinary one; `restart` begins anew with the file as it is then.
 */
import { ReplyError, type Reply } from "@sider/resp-protocol/client";
import type { ModeContext } from "../modes/mode-context.ts";
import { ModeFailure } from "../modes/mode-failure.ts";
import { printReply } from "../format/format-reply.ts";
import { Interpreter } from "../repl/interpreter.ts";
import { splitArguments } from "../split-arguments.ts";
import { ConnectionError } from "../client/connection-error.ts";
import { DebugLink } from "./debug-link.ts";
import { debugText, endsSession } from "./debug-text.ts";
import { InputLines } from "./input-lines.ts";

const HEAD = `Lua debugging session started, please use:
quit    -- End the session.
restart -- Restart the script in debug mode again.
help    -- Show Lua script debugging commands.

`;
const PROMPT = "lua debugger> ";

/** Debugs the script that `request` (binary) evaluates. Resolves with the exit code. */
export async function debugScript(context: ModeContext, request: () => readonly string[]): Promise<number> {
  const lines = new InputLines(context.process);
  try {
    return await new ScriptDebugger(context, request, lines).run();
  } finally {
    lines.close();
  }
}

class ScriptDebugger {
  private readonly context: ModeContext;
  private readonly request: () => readonly string[];
  private readonly lines: InputLines;
  private readonly interpreter: Interpreter;
  private readonly hasColours: boolean;
  /** Null when no script is being debugged. */
  private link: DebugLink | null = null;

  constructor(context: ModeContext, request: () => readonly string[], lines: InputLines) {
    this.context = context;
    this.request = request;
    this.lines = lines;
    this.interpreter = new Interpreter(context.session, context.screen);
    const { env } = context.process;
    this.hasColours = /xterm/.test(env["TERM"] ?? "") && (env["NO_COLOR"] ?? "") === "";
  }

  async run(): Promise<number> {
    for (;;) {
      if (!(await this.start())) return 0;
      if ((await this.readCommands()) === "quit") return 0;
      if (!(await this.context.session.connectForMode())) return 1;
      this.print("\n");
    }
  }

  /** Starts the script. False when it cannot be compiled: its error has been shown. */
  private async start(): Promise<boolean> {
    const { session, options } = this.context;
    const request = this.request();
    session.format.format = "raw";
    this.print(HEAD);
    const how = options.modeOptions.debugger === "synchronous" ? "sync" : "yes";
    const reply = await session.send(["SCRIPT", "DEBUG", how]);
    if (reply instanceof ReplyError) {
      throw new ModeFailure(`The server does not start its Lua debugger: ${reply.message}`);
    }
    const link = new DebugLink(session);
    link.send(request);
    const first = await link.receive();
    this.print(debugText(first, this.hasColours));
    if (endsSession(first)) {
      this.print("Eval debugging session can't start:\n");
      session.format.format = "standard";
      this.showResult(await link.receive());
      return false;
    }
    this.link = link;
    return true;
  }

  private async readCommands(): Promise<"restart" | "quit"> {
    for (;;) {
      const line = await this.lines.next(this.link === null ? this.context.session.prompt : PROMPT);
      if (line === null) return "quit";
      const outcome = await this.execute(line);
      if (outcome !== "next") return outcome;
    }
  }

  private async execute(line: string): Promise<"next" | "restart" | "quit"> {
    if (/^\s*restart(\s|$)/i.test(line)) {
      this.link = null;
      return "restart";
    }
    if (this.link === null) return (await this.interpreter.execute(line)) === "quit" ? "quit" : "next";
    const args = debugArguments(line);
    if (args === null) this.print("Invalid argument(s)\n");
    if (args === null || args.length === 0) return "next";
    if (/^(quit|exit)$/i.test(args[0] ?? "")) return "quit";
    await this.debug(this.link, args);
    return "next";
  }

  private async debug(link: DebugLink, args: readonly string[]): Promise<void> {
    try {
      link.send(args);
      const reply = await link.receive();
      this.print(debugText(reply, this.hasColours));
      if (endsSession(reply)) await this.endSession(link);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.link = null;
      this.context.session.close();
      this.context.screen.warn(`Error: ${error.message}`);
    }
  }

  /** The script is over: what it replied comes now, and then an ordinary prompt. */
  private async endSession(link: DebugLink): Promise<void> {
    const { session, options } = this.context;
    this.link = null;
    session.format.format = "standard";
    this.showResult(await link.receive());
    const isKept = options.modeOptions.debugger === "synchronous";
    this.print(`\n(Lua debugging session ended${isKept ? "" : " -- dataset changes rolled back"})\n\n`);
    // The server has closed this connection. The prompt is to name the server.
    await session.connect();
  }

  private showResult(reply: Reply): void {
    printReply(this.context.screen.out, reply, this.context.session.format);
    this.context.screen.out.flush();
  }

  private print(binary: string): void {
    this.context.screen.out.add(binary);
    this.context.screen.out.flush();
  }
}

/** `eval` and `e` take the rest of the line as it is; other commands are words. Null when quotes are not balanced. */
function debugArguments(line: string): string[] | null {
  const code = /^(eval|e) (.*)$/s.exec(line);
  return code === null ? splitArguments(line) : [code[1] ?? "", code[2] ?? ""];
}
