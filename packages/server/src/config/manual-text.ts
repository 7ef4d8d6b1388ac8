/** The manual as text: `docs/configuration.md`, and the configuration file that documents itself. Both come from the table alone. */
import type { Directive } from "./directive.ts";
import { type DirectiveName, DIRECTIVES } from "./directives.ts";
import { SECTIONS, type Section, SUMMARIES } from "./manual.ts";
import { quoteArgument } from "./quoting.ts";
import { memoryText } from "./rewrite.ts";
import { WITHOUT_EFFECT } from "./without-effect.ts";

const LINE_LENGTH = 100;
const WORDS_OF_LINE: ReadonlyMap<DirectiveName, number> = new Map([
  ["save", 2],
  ["client-output-buffer-limit", 4],
]);

const directiveOf = (name: DirectiveName): Directive<unknown> => DIRECTIVES[name];
const works = (name: DirectiveName): boolean => directiveOf(name).support === "works";
const isHidden = (name: DirectiveName): boolean => directiveOf(name).hidden === true;

/** `docs/configuration.md`, before prettier has aligned its tables. */
export function configurationPage(): string {
  return `# Configuration

Every directive of the redis.conf of Redis 7.2 is known here, with its bounds, its default and its error texts; \`npm run docs\` writes this
page from the table in \`packages/server/src/config\`. They come from a file (\`sider-server sider.conf\`), from options after it
(\`--port 7000 --save 60 1\`), from standard input (\`-\`), and while the server runs from \`CONFIG SET\`; \`CONFIG REWRITE\` writes them back.
Amounts of memory have units: \`1k\` is 1000 bytes, \`1kb\` 1024, and so on with \`m\`, \`mb\`, \`g\` and \`gb\`.

Beside directives a file may have \`include <path or pattern>\`, \`rename-command <name> <new name or "">\` and \`user <name> <rules>\`.
[sider.conf](../apps/server/sider.conf) is a file with all that works.

A directive marked with a star is set at the start only. One marked **p** is changed by \`CONFIG SET\` where \`enable-protected-configs\` allows it.

${SECTIONS.map(sectionTable).join("")}## Without effect

Known, checked, kept and shown, but they do nothing here; a start and a \`CONFIG SET\` that set one say so in the log.

| directive | what it does in Redis | why not here |
| --- | --- | --- |
${SECTIONS.flatMap(({ names }) => names.filter((name) => !works(name)))
  .map(
    (name) =>
      `| \`${name}\` | ${escapeCell(SUMMARIES[name])} | ${escapeCell(WITHOUT_EFFECT[name] ?? "not there yet")} |\n`,
  )
  .join("")}`;
}

function sectionTable({ title, names }: Section): string {
  const rows = names.filter(works).map(tableRow);
  if (rows.length === 0) return "";
  return `## ${title}\n\n| directive | what it does | values | default |\n| --- | --- | --- | --- |\n${rows.join("")}\n`;
}

function tableRow(name: DirectiveName): string {
  const { alias, immutable, protected: isProtected, type } = directiveOf(name);
  const mark = immutable === true ? " \\*" : isProtected === true ? " **p**" : "";
  const names = `\`${name}\`${mark}${alias === undefined ? "" : ` (\`${alias}\`)`}`;
  const value = defaultText(name);
  const shown = value === "" ? "none" : `\`${value}\``;
  return `| ${names} | ${escapeCell(SUMMARIES[name])} | ${escapeCell(type.values)} | ${shown} |\n`;
}

function escapeCell(text: string): string {
  return text.replace(/[|*_<>]/g, "\\$&");
}

/** `sider.conf`: every directive that works, with what it does and its default, such that a server starts with it as it is. */
export function configurationFile(): string {
  const head = wrapped(
    "The configuration of a Sider: sider-server /path/to/sider.conf. Each directive is here with its default, where it has one; options " +
      "of the command line win over the file. Memory may have a unit: 1k is 1000 bytes, 1kb 1024 bytes, and so on with m, mb, g and gb. " +
      "Words with blanks are quoted. What Redis has and is not here has no effect: docs/configuration.md says why.",
  );
  const statements = wrapped("Other files, with * and ? several, and names of commands that others should not know:");
  const others = '# include /etc/sider/*.conf\n# rename-command FLUSHALL ""\n';
  return `${head}\n${statements}${others}${SECTIONS.map(sectionOfFile).join("")}`;
}

function sectionOfFile({ title, names }: Section): string {
  const texts = names.filter((name) => works(name) && !isHidden(name)).map(directiveOfFile);
  return texts.length === 0 ? "" : `\n${"#".repeat(LINE_LENGTH)}\n# ${title}\n\n${texts.join("\n")}`;
}

function directiveOfFile(name: DirectiveName): string {
  const { type } = directiveOf(name);
  const comment = wrapped(SUMMARIES[name] + (type.kind === "string" ? "" : ` Values: ${type.values}.`));
  const text = name === "bind" ? "127.0.0.1 -::1" : defaultText(name);
  if (text === "" && type.kind !== "special") return `${comment}# ${name} ""\n`;
  if (text === "") return name === "dir" ? `${comment}# dir /var/lib/sider\n` : `${comment}${name} ""\n`;
  const wordsOfLine = WORDS_OF_LINE.get(name);
  if (wordsOfLine !== undefined) return comment + linesOf(name, text.split(" "), wordsOfLine);
  const written = type.kind === "string" ? quoteArgument(text) : text;
  return `${comment}${name} ${written}\n`;
}

/** As CONFIG REWRITE writes them: a line for so many words. */
function linesOf(name: DirectiveName, words: readonly string[], wordsOfLine: number): string {
  const lines: string[] = [];
  for (let at = 0; at < words.length; at += wordsOfLine) lines.push(words.slice(at, at + wordsOfLine).join(" "));
  return lines.map((line) => `${name} ${line}\n`).join("");
}

/** The default as people write it. */
function defaultText(name: DirectiveName): string {
  const { type, defaultWords } = directiveOf(name);
  if (name === "client-output-buffer-limit") return defaultWords.join(" ");
  const { text } = type.parse(defaultWords, { current: undefined, appending: false });
  return type.kind === "memory" ? memoryText(BigInt(text)) : text;
}

/** A comment in lines that are not too long. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_LENGTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
