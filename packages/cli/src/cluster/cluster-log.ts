/**
 * What the cluster manager tells, on standard output as redis-cli does it: progress bold, results in green, yellow and red where the
 * terminal is an xterm. Text is binary.
 */
import type { Printer } from "../format/printer.ts";

const STYLES = { info: "29;1m", ok: "32;1m", warning: "33;1m", error: "31;1m" } as const;

export class ClusterLog {
  readonly out: Printer;
  private readonly hasColours: boolean;

  constructor(out: Printer, env: NodeJS.ProcessEnv) {
    this.out = out;
    this.hasColours = (env["TERM"] ?? "").includes("xterm") && (env["NO_COLOR"] ?? "") === "";
  }

  plain(line: string): void {
    this.out.add(line + "\n");
  }

  say(kind: keyof typeof STYLES, text: string): void {
    this.out.add(this.hasColours ? `\x1b[${STYLES[kind]}${text}\x1b[0m` : text);
  }
}
