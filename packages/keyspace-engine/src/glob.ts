/**
 * Glob patterns over bytes, as KEYS, SCAN MATCH, PSUBSCRIBE and CONFIG GET use them:
 *
 *     *  any bytes, none included      [abc]  one of these      [a-z]  one of a range (either way round)
 *     ?  one byte                      [^ab]  none of these     \x     x itself, inside brackets too
 *
 * The behaviour is Redis's, oddities included: an unclosed bracket ends with the pattern, `[^` alone is any byte, ranges
 * compare bytes as signed, an escaped byte in brackets never ignores case, and a pattern with anything in it does not
 * match an empty text. Patterns with more than 1000 separate stars that are not last match nothing.
 *
 * A `*` is tried at its shortest and grown only while nothing after it holds; an earlier `*` never has to grow again, because
 * that could only leave less text for the rest. So a match costs O(pattern x text) at worst, without recursion or garbage.
 */

const STAR = 42;
const QUESTION = 63;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const CARET = 94;
const DASH = 45;
const MAXIMUM_STARS = 1000;

/** Where the bracket ends that `matchesClass` looked at: the position after it. Module-level, so that no pair is allocated. */
let classEnd = 0;

/** True when the whole text matches the whole pattern. `ignoreCase` folds ASCII letters. Never throws, allocates nothing. */
export function matchGlob(
  pattern: Uint8Array,
  patternOffset: number,
  patternLength: number,
  text: Uint8Array,
  textOffset: number,
  textLength: number,
  ignoreCase: boolean,
): boolean {
  const patternEnd = (patternOffset + patternLength) | 0;
  const textEnd = (textOffset + textLength) | 0;
  let at = patternOffset;
  let position = textOffset;
  let afterStar = -1; // the pattern after the last star, and where in the text it was last tried
  let tried = 0;
  let stars = 0;
  if (textLength === 0) return patternLength === 0;
  for (;;) {
    if (at < patternEnd && pattern[at] === STAR) {
      at = skipStars(pattern, at, patternEnd);
      if (at === patternEnd) return true;
      if (++stars > MAXIMUM_STARS) return false;
      afterStar = at;
      tried = position;
    }
    if (at < patternEnd && matchesOne(pattern, at, patternEnd, text[position], ignoreCase)) {
      at = classEnd;
      position = (position + 1) | 0;
      // what is left of the pattern needs a byte for each of its parts, and growing the star would only leave fewer
      if (position === textEnd) return skipStars(pattern, at, patternEnd) === patternEnd;
      continue;
    }
    if (afterStar < 0) return false;
    at = afterStar;
    tried = (tried + 1) | 0;
    position = tried;
    if (position >= textEnd) return false;
  }
}

function skipStars(pattern: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && pattern[at] === STAR) at = (at + 1) | 0;
  return at;
}

/** Matches one byte against the part of the pattern at `at` (not a star), and puts the end of the part into `classEnd`. */
function matchesOne(pattern: Uint8Array, at: number, end: number, byte: number, ignoreCase: boolean): boolean {
  let wanted = pattern[at];
  classEnd = (at + 1) | 0;
  if (wanted === QUESTION) return true;
  if (wanted === OPEN) return matchesClass(pattern, (at + 1) | 0, end, byte, ignoreCase);
  if (wanted === BACKSLASH && classEnd < end) {
    wanted = pattern[classEnd];
    classEnd = (classEnd + 1) | 0;
  }
  return wanted === byte || (ignoreCase && lowerCase(wanted) === lowerCase(byte));
}

/** Matches one byte against the inside of a bracket that starts at `start`. */
function matchesClass(pattern: Uint8Array, start: number, end: number, byte: number, ignoreCase: boolean): boolean {
  let at = start;
  const negated = at < end && pattern[at] === CARET;
  if (negated) at = (at + 1) | 0;
  let found = false;
  while (at < end) {
    const first = pattern[at];
    if (first === BACKSLASH && at + 1 < end) {
      at = (at + 2) | 0;
      if (pattern[at - 1] === byte) found = true;
    } else if (first === CLOSE) {
      at = (at + 1) | 0;
      break;
    } else if (at + 2 < end && pattern[at + 1] === DASH) {
      if (inRange(first, pattern[at + 2], byte, ignoreCase)) found = true;
      at = (at + 3) | 0;
    } else {
      if (first === byte || (ignoreCase && lowerCase(first) === lowerCase(byte))) found = true;
      at = (at + 1) | 0;
    }
  }
  classEnd = at;
  return found !== negated;
}

function inRange(first: number, last: number, byte: number, ignoreCase: boolean): boolean {
  let low = signed(first);
  let high = signed(last);
  if (low > high) {
    const swapped = low;
    low = high;
    high = swapped;
  }
  if (!ignoreCase) return signed(byte) >= low && signed(byte) <= high;
  const folded = lowerCase(signed(byte));
  return folded >= lowerCase(low) && folded <= lowerCase(high);
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}

function lowerCase(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
