/**
 * How many columns text takes on a terminal: two for East Asian wide characters and emoji, none for what combines with the character
 * before it. A character is what a person takes for one (a grapheme): the cursor goes from one to the next.
 */

/** The blocks whose characters are wide, as all terminals have them. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const COMBINING = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const PLAIN = /^[\x20-\x7e]*$/;

let segmenter: Intl.Segmenter | undefined;

export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** The graphemes of a text. */
export function graphemesOf(text: string): string[] {
  if (isPlain(text)) return text.split("");
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The columns that one grapheme takes. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && isPlain(grapheme)) return 1;
  if (WIDE.test(grapheme)) return 2;
  return COMBINING.test(grapheme) ? 0 : 1;
}

/** The columns that a text takes. */
export function widthOf(text: string): number {
  if (isPlain(text)) return text.length;
  return graphemesOf(text).reduce((width, grapheme) => width + graphemeWidth(grapheme), 0);
}

/** As much of the beginning of a text as fits into so many columns. */
export function cutToWidth(text: string, columns: number): string {
  if (isPlain(text)) return text.slice(0, Math.max(0, columns));
  let cut = "";
  let left = columns;
  for (const grapheme of graphemesOf(text)) {
    left -= graphemeWidth(grapheme);
    if (left < 0) break;
    cut += grapheme;
  }
  return cut;
}

/** The place behind the grapheme that begins at `at`. */
export function nextBoundary(text: string, at: number): number {
  return at + (graphemesOf(text.slice(at))[0]?.length ?? 0);
}

/** The place in front of the grapheme that ends at `at`. */
export function previousBoundary(text: string, at: number): number {
  return at - (graphemesOf(text.slice(0, at)).at(-1)?.length ?? 0);
}
