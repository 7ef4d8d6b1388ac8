/**
 * What a run consists of: single commands, and two things that take several commands whose arguments depend on replies.
 * Arguments are Latin-1 strings: one character is one byte, so that a step can be printed, compared and kept as JSON.
 */

/** One command; its replies must be equal. */
export interface CommandStep {
  kind: "command";
  args: string[];
}
/** A full SCAN iteration on each side; the sets of keys must be equal, the cursors may differ. */
export interface ScanStep {
  kind: "scan";
  options: string[];
}
/** DUMP of a key on each side, restored under another name on the other side: each must read what the other wrote. */
export interface ExchangeStep {
  kind: "exchange";
  key: string;
  target: string;
}
export type Step = CommandStep | ScanStep | ExchangeStep;

/** A step as one line that can be pasted into redis-cli (the two composites as what they stand for). */
export function printStep(step: Step): string {
  if (step.kind === "command") return step.args.map(quote).join(" ");
  if (step.kind === "scan") return `# full iteration: SCAN <cursor> ${step.options.map(quote).join(" ")}`;
  return `# DUMP ${quote(step.key)} on each side, RESTORE ${quote(step.target)} 0 <payload> REPLACE on the other`;
}

/** Bytes as redis-cli reads them: plain words as they are, others in double quotes with \xHH escapes. */
export function quote(text: string): string {
  if (/^[\w!#$%&()*+,\-./:;<=>?@[\]^`{|}~]+$/.test(text)) return text;
  const escaped = text.replaceAll(/[^\x20-\x7e]|["\\]/g, (character) =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}
