/**
 * The colours of the prompt, as parameters of SGR sequences. Without colours there is only what shows where one is: a hint is faint, the
 * chosen candidate inverse, what was found underlined.
 */
import type { EditorStyles } from "./editor/editor.ts";
import type { ReplyPart } from "../format/standard.ts";

/** What can have a colour of its own in a line that is typed. */
export interface LineStyles {
  readonly command: string;
  readonly token: string;
  readonly key: string;
  readonly string: string;
  readonly number: string;
  /** A quote that is open, text behind a closing quote. */
  readonly broken: string;
}

const LINE: LineStyles = { command: "1;36", token: "35", key: "33", string: "32", number: "36", broken: "4;31" };
const PLAIN_LINE: LineStyles = { command: "", token: "", key: "", string: "", number: "", broken: "" };

const EDITOR: EditorStyles = { hint: "2", match: "1;33", label: "", chosen: "7", detail: "2" };
const PLAIN_EDITOR: EditorStyles = { ...EDITOR, match: "4" };

const REPLY: Readonly<Record<ReplyPart, string>> = {
  mark: "90",
  string: "32",
  name: "33",
  status: "",
  number: "36",
  nil: "90",
  error: "31",
};

export function lineStyles(hasColor: boolean): LineStyles {
  return hasColor ? LINE : PLAIN_LINE;
}

export function editorStyles(hasColor: boolean): EditorStyles {
  return hasColor ? EDITOR : PLAIN_EDITOR;
}

/** What goes around a part of a reply. */
export function paintReply(part: ReplyPart): readonly [before: string, behind: string] {
  const style = REPLY[part];
  return style === "" ? ["", ""] : [`\x1b[${style}m`, "\x1b[m"];
}

/** Whether colours are wanted where the output is a terminal: https://no-color.org, and TERM=dumb. */
export function wantsColor(environment: NodeJS.ProcessEnv): boolean {
  return (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}
