/** What can be drawn where the output goes: how wide, in how many colours, with which characters. */

export interface TerminalTraits {
  readonly columns: number;
  readonly colours: 0 | 16 | 256;
  /** Whether block characters arrive as such; only ASCII otherwise. */
  readonly hasUnicode: boolean;
}

/** The part of an output stream that this looks at. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const DEFAULT_COLUMNS = 80;
const FEWEST_COLUMNS = 20;
const MOST_COLUMNS = 500;

/** Looks at the stream and the environment: NO_COLOR, TERM, COLORTERM, and the character set of the locale. */
export function terminalTraits(stream: TerminalStream, env: NodeJS.ProcessEnv): TerminalTraits {
  const columns = stream.columns === undefined || stream.columns <= 0 ? DEFAULT_COLUMNS : stream.columns;
  return {
    columns: Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, columns)),
    colours: stream.isTTY === true ? coloursOf(env) : 0,
    hasUnicode: knowsUnicode(env),
  };
}

/** As the convention at no-color.org has it, NO_COLOR counts when it is not empty. */
function coloursOf(env: NodeJS.ProcessEnv): 0 | 16 | 256 {
  const terminal = env["TERM"] ?? "";
  if ((env["NO_COLOR"] ?? "") !== "" || terminal === "dumb") return 0;
  return /256|direct/.test(terminal) || /truecolor|24bit/i.test(env["COLORTERM"] ?? "") ? 256 : 16;
}

/** The first of these that is set decides; without any, today's terminals take UTF-8. */
function knowsUnicode(env: NodeJS.ProcessEnv): boolean {
  if (env["TERM"] === "dumb") return false;
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return locale === undefined || /utf-?8/i.test(locale);
}
