/**
 * Words on a line of a manifest, as Redis quotes them: a name with blanks, quotes or bytes that do not print is
 * `"in quotes"`, with \n \r \t \a \b \\ \" and \xHH. Read are also 'single quotes', in which only \' is special.
 *
 * Text here is Latin-1: one character a byte.
 */

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x07": "\\a",
  "\b": "\\b",
};

const UNESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b" };

const PLAIN = /^[!#-[\]-~]*$/;
const TOKEN = /\s*(?:"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\'|\\(?!'))*)'|([^\s"']+))/y;

/** The word as it stands in a line. */
export function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : `"${Array.from(word, quoteCharacter).join("")}"`;
}

/** The words of a line; null where a quote is not closed or is followed by anything but a blank. */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let word = "";
  let at = 0;
  const end = line.trimEnd().length;
  while (at < end) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(line);
    if (found === null || TOKEN.lastIndex > end) return null;
    const [all, quoted, single, plain] = found;
    at += all.length;
    const closed = plain === undefined;
    word += quoted !== undefined ? unescape(quoted) : (single?.replaceAll("\\'", "'") ?? plain);
    const ends = at === end || /\s/.test(line[at]);
    if (closed && !ends) return null;
    if (!ends) continue;
    words.push(word);
    word = "";
  }
  return words;
}

function quoteCharacter(character: string): string {
  const escaped = ESCAPES[character];
  if (escaped !== undefined) return escaped;
  const code = character.charCodeAt(0);
  return code >= 0x20 && code < 0x7f ? character : `\\x${code.toString(16).padStart(2, "0")}`;
}

function unescape(quoted: string): string {
  return quoted.replace(/\\(?:x([0-9a-fA-F]{2})|([^]))/g, (_all, hex: string | undefined, other: string) =>
    hex === undefined ? (UNESCAPES[other] ?? other) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
