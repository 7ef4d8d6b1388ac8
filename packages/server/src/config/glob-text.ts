/**
 * Glob patterns over directive names, which are short and ASCII: the pattern becomes a regular expression without regard to case.
 * Stars next to each other count as one.
 */

/** True when the whole name matches the pattern (`*`, `?`, `[set]`, `[^set]`, `\x`). */
export function matchesGlobText(pattern: string, name: string): boolean {
  const parts = pattern.match(/\*+|\?|\[(?:\\.|[^\]\\])*\]?|\\?./gs) ?? [];
  const source = parts.map(partSource).join("");
  try {
    return new RegExp(`^${source}$`, "is").test(name);
  } catch {
    return false; // a set such as [z-a] has no meaning as a regular expression
  }
}

function partSource(part: string): string {
  if (part.startsWith("*")) return ".*?";
  if (part === "?") return ".";
  if (part.startsWith("[") && part.length > 1) {
    const inside = part.replace(/\]$/, "").slice(1);
    return inside === "" ? "(?!)" : inside === "^" ? "." : `[${inside.replace(/\[/g, "\\[")}]`;
  }
  const literal = part.startsWith("\\") && part.length > 1 ? part.slice(1) : part;
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
