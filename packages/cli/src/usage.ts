/** What --help and --version print. */
import { createRequire } from "node:module";
import { OPTIONS } from "./options/table.ts";

const EXAMPLES = `Examples:
  sider-cli set greeting "hello world"
  sider-cli -u redis://:secret@example.org:6380/2 --json hgetall user:1
  sider-cli -x set page < index.html
  sider-cli -r -1 -i 1 dbsize
  sider-cli < commands.txt

Without a command, commands are read from standard input; on a terminal there is a prompt with completion and hints.
`;

/** The version of this package. By its name, since the program's file may be in another folder than this one. */
export function readVersion(): string {
  const manifest = createRequire(import.meta.url)("@sider/cli/package.json") as { version: string };
  return manifest.version;
}

/** The text of --help. */
export function usage(version: string): string {
  const rows = OPTIONS.filter(({ isUnlisted }) => isUnlisted !== true).map(
    ({ names, value, help }) => [[names.join(", "), value ?? ""].join(" ").trim(), help] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
  return `sider-cli ${version}\n\nUsage: sider-cli [option ...] [command [argument ...]]\n\n${lines.join("\n")}\n\n${EXAMPLES}`;
}
