/**
 * Glob patterns over directive names, which are short and ASCII, without regard to case: `*`, `?`, `[set]`, `[^set]`, `\x`.
 * Only the last star is ever grown, so a match costs O(pattern x name).
 */

/** True when the whole name matches the pattern. */
export function matchesGlobText(pattern: string, name: string): boolean {
  const parts = pattern.toLowerCase().match(/\*+|\[(?:\\.|[^\]\\])*\]?|\\?./gs) ?? [];
  const text = name.toLowerCase();
  let [at, position, afterStar, tried] = [0, 0, -1, 0];
  while (position < text.length) {
    if (parts[at]?.startsWith("*")) {
      afterStar = ++at;
      tried = position;
    } else if (at < parts.length && matchesPart(parts[at], text.charAt(position))) {
      at++;
      position++;
    } else if (afterStar >= 0) {
      at = afterStar;
      position = ++tried;
    } else return false;
  }
  return parts.slice(at).every((part) => part.startsWith("*"));
}

function matchesPart(part: string, letter: string): boolean {
  if (part === "?") return true;
  if (!part.startsWith("[")) return (part.length > 1 ? part.slice(1) : part) === letter;
  const inside = part.endsWith("]") ? part.slice(1, -1) : part.slice(1);
  const negated = inside.startsWith("^");
  const choices = inside.slice(negated ? 1 : 0).match(/\\.|[^\\]-[^\\]|./gs) ?? [];
  return choices.some((choice) => matchesChoice(choice, letter)) !== negated;
}

function matchesChoice(choice: string, letter: string): boolean {
  if (choice.length < 3) return choice.slice(-1) === letter;
  const [first, last] = [choice.charAt(0), choice.charAt(2)].sort();
  return letter >= first && letter <= last;
}
