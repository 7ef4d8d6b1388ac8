/**
 * Splits a line of the prompt into arguments.
 *
 *     SET "a key\n\x00" 'it\'s'    ->   SET | a key, newline, NUL | it's
 *
 * "..." knows \n \r \t \b \a, \xHH and \ before any other character; '...' knows only \'. After a closing quote there is a blank or
 * nothing. Text is binary: one character per byte.
 */

const NAMED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };
const BLANK = /[ \t\n\r\v\f]/;
/** What a bare word goes on with: it ends at fewer kinds of blanks than may stand between words. */
const WORD_END = /[ \t\n\r]/;
const ESCAPE = /\\(?:x([0-9a-f]{2})|([\s\S]))/giy;

/** The arguments, or null when quotes are not balanced or something follows a closing quote. Linear time. */
export function splitArguments(line: string): string[] | null {
  const args: string[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && BLANK.test(line.charAt(at))) at++;
    if (at >= line.length) return args;
    let argument = "";
    while (at < line.length && !WORD_END.test(line.charAt(at))) {
      const character = line.charAt(at);
      if (character !== '"' && character !== "'") {
        argument += character;
        at++;
        continue;
      }
      const quoted = character === '"' ? readDoubleQuoted(line, at + 1) : readSingleQuoted(line, at + 1);
      if (quoted === null) return null;
      argument += quoted.text;
      at = quoted.end;
      if (at < line.length && !BLANK.test(line.charAt(at))) return null;
      break;
    }
    args.push(argument);
  }
}

interface Quoted {
  text: string;
  /** Position behind the closing quote. */
  end: number;
}

function readDoubleQuoted(line: string, start: number): Quoted | null {
  let text = "";
  for (let at = start; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '"') return { text, end: at + 1 };
    ESCAPE.lastIndex = at;
    const escape = character === "\\" ? ESCAPE.exec(line) : null;
    if (escape === null) {
      text += character;
      continue;
    }
    const [all, hex, other = ""] = escape;
    text += hex === undefined ? (NAMED[other] ?? other) : String.fromCharCode(parseInt(hex, 16));
    at += all.length - 1;
  }
  return null;
}

function readSingleQuoted(line: string, start: number): Quoted | null {
  let text = "";
  for (let at = start; at < line.length; at++) {
    if (line.startsWith("\\'", at)) at++;
    else if (line[at] === "'") return { text, end: at + 1 };
    text += line.charAt(at);
  }
  return null;
}
