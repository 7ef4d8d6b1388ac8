/**
 * What a person can set at the prompt with `:set name`, `:set noname`, and in ~/.redisclirc (REDISCLI_RCFILE): switches, each with
 * what it is for. `:set name on` and `:set name off` mean the same.
 */
import { readFileSync } from "node:fs";
import { splitArguments } from "../split-arguments.ts";

export interface Preferences {
  hints: boolean;
  color: boolean;
  pretty: boolean;
  pager: boolean;
  completion: boolean;
}

export type PreferenceName = keyof Preferences;

/** What each is for, in the order in which they are listed. */
const PURPOSES: Readonly<Record<PreferenceName, string>> = {
  hints: "the arguments that are missing, shown while you type",
  color: "colours",
  completion: "Tab asks the server for names of keys, fields, users ...",
  pretty: "replies that are pairs are shown as field => value, entries of streams in rows",
  pager: "replies that are longer than the screen go to $PAGER, or less",
};

export const PREFERENCE_NAMES = Object.keys(PURPOSES) as PreferenceName[];

/** All that may stand behind `:set`. */
export const SETTINGS: readonly string[] = PREFERENCE_NAMES.flatMap((name) => [name, `no${name}`]);

/** Changes a preference as the words behind `:set` say. False when there is none of that name, or no such value. */
export function applySetting(preferences: Preferences, [name = "", value]: readonly string[]): boolean {
  const lower = name.toLowerCase();
  const found = PREFERENCE_NAMES.find((known) => lower === known || lower === `no${known}`);
  if (found === undefined) return false;
  if (value !== undefined && !/^(on|off)$/i.test(value)) return false;
  preferences[found] = (lower === found) === (value?.toLowerCase() !== "off");
  return true;
}

/** All preferences with their values, a line each. */
export function listPreferences(preferences: Preferences): string {
  const lines = PREFERENCE_NAMES.map((name) => {
    const setting = preferences[name] ? name : `no${name}`;
    return `  :set ${setting.padEnd(14)}${PURPOSES[name]}\n`;
  });
  return lines.join("");
}

/** Applies the lines of a file, each as it would be typed; a file that is not there says nothing. */
export function readPreferences(path: string | null, preferences: Preferences, warn: (line: string) => void): void {
  for (const line of path === null ? [] : linesOf(path)) {
    const [command = "", ...words] = splitArguments(line) ?? [line];
    if (command === "") continue;
    if (command.toLowerCase() !== ":set") warn(`.redisclirc: unknown redis-cli internal command '${command}'`);
    else if (!applySetting(preferences, words)) warn(`.redisclirc: unknown redis-cli preference '${words[0] ?? ""}'`);
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "latin1").split("\n");
  } catch {
    return [];
  }
}
