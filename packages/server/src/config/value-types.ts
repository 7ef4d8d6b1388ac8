/**
 * How the words of a directive become a value, and how CONFIG GET prints it: one small object per kind of value.
 *
 * `parse` returns the value and its canonical text together, because a 64-bit bound such as 9223372036854775807 has an
 * exact text but no exact JavaScript number. A wrong value throws `ConfigurationError` with the text Redis 7.2 uses.
 */

/** A value that a directive refuses. The message is the reason, without "ERR" and without the directive's name. */
export class ConfigurationError extends Error {}

/** A value and the text that CONFIG GET prints for it. */
export interface Setting<Value> {
  readonly value: Value;
  readonly text: string;
}

/** What `parse` may need to know beyond the words themselves. */
export interface ParseContext<Value> {
  /** The value so far, for directives whose words change only a part of it. */
  readonly current: Value | undefined;
  /** True for a second line of the same directive while loading files: `save` lines add up. */
  readonly appending: boolean;
}

/** One kind of value. */
export interface ValueType<Value> {
  readonly kind: "bool" | "integer" | "memory" | "percent" | "octal" | "enum" | "flags" | "string" | "special";
  /** What values there are, in a few words for the manual. */
  readonly values: string;
  parse(words: readonly string[], context: ParseContext<Value>): Setting<Value>;
}

/** yes or no. */
export const bool: ValueType<boolean> = {
  kind: "bool",
  values: "yes, no",
  parse(words) {
    const word = (words[0] ?? "").toLowerCase();
    if (word !== "yes" && word !== "no") throw new ConfigurationError("argument must be 'yes' or 'no'");
    return { value: word === "yes", text: word };
  },
};

/** Any text; `check` throws for texts that are not allowed. */
export function string(check?: (text: string) => void): ValueType<string> {
  return {
    kind: "string",
    values: "a text",
    parse(words) {
      const text = words[0] ?? "";
      check?.(text);
      return { value: text, text };
    },
  };
}

/** One word out of a list, without regard to case. `synonyms` maps further words to one of the list. */
export function oneOf<const Name extends string>(
  names: readonly Name[],
  synonyms: Readonly<Record<string, Name>> = {},
  shownNames: readonly string[] = names,
): ValueType<Name> {
  return {
    kind: "enum",
    values: shownNames.join(", "),
    parse(words) {
      const word = (words[0] ?? "").toLowerCase();
      const name = names.find((candidate) => candidate === word) ?? synonyms[word];
      if (words.length !== 1 || name === undefined) throw notOneOf(shownNames);
      return { value: name, text: name };
    },
  };
}

/** A set of words out of a list; `none` stands for the empty set. `check` throws for sets that make no sense. */
export function someOf<const Name extends string>(
  none: string,
  names: readonly Name[],
  check?: (chosen: readonly Name[]) => void,
): ValueType<readonly Name[]> {
  return {
    kind: "flags",
    values: `${none}, or some of ${names.join(", ")}`,
    parse(words) {
      const lower = words.map((word) => word.toLowerCase());
      if (lower.length === 0 || lower.some((word) => word !== none && !names.some((name) => name === word))) {
        throw notOneOf([none, ...names]);
      }
      const chosen = names.filter((name) => lower.includes(name));
      check?.(chosen);
      return { value: chosen, text: chosen.length === 0 ? none : chosen.join(" ") };
    },
  };
}

function notOneOf(names: readonly string[]): ConfigurationError {
  return new ConfigurationError(`argument(s) must be one of the following: ${names.join(", ")}`);
}

/** Bounds are inclusive. `unsigned` compares as an unsigned 64-bit number, as Redis does for unsigned C types. */
export interface NumberBounds {
  readonly minimum: bigint;
  readonly maximum: bigint;
  readonly unsigned?: boolean;
  /** Values outside are moved to the nearest of these instead of refused. */
  readonly clamp?: readonly [number, number];
}

/** A whole number, decimal and canonical. */
export function integer(bounds: NumberBounds): ValueType<number> {
  return {
    kind: "integer",
    values: boundsText(bounds, 10),
    parse(words) {
      const word = words[0] ?? "";
      if (!isCanonicalInt64(word)) throw new ConfigurationError("argument couldn't be parsed into an integer");
      const exact = BigInt(word);
      checkBounds(exact, bounds, 10);
      if (bounds.clamp === undefined) return { value: Number(exact), text: String(exact) };
      const value = Math.min(Math.max(Number(exact), bounds.clamp[0]), bounds.clamp[1]);
      return { value, text: String(value) };
    },
  };
}

/** File permissions: octal in and out. */
export function octal(bounds: NumberBounds): ValueType<number> {
  return {
    kind: "octal",
    values: `${boundsText(bounds, 8)}, octal`,
    parse(words) {
      const match = /^(?:\s*([+-]?)([0-7]{1,20}))?$/.exec(words[0] ?? "");
      if (match === null) throw new ConfigurationError("argument couldn't be parsed as an octal number");
      const magnitude = BigInt(`0o${match[2] ?? "0"}`);
      checkBounds(match[1] === "-" ? -magnitude : magnitude, bounds, 8);
      return { value: Number(magnitude), text: magnitude.toString(8) };
    },
  };
}

/** An amount of memory: digits and an optional unit (b k kb m mb g gb). The value is in bytes. */
export function memory(bounds: NumberBounds): ValueType<number> {
  return {
    kind: "memory",
    values: bounds.minimum < 2n ? "an amount of memory" : `an amount of memory from ${String(bounds.minimum)} bytes`,
    parse(words) {
      const parsed = parseMemory(words[0] ?? "");
      if (parsed === null) throw new ConfigurationError("argument must be a memory value");
      const exact = bounds.unsigned === true ? parsed : BigInt.asIntN(64, parsed);
      checkBounds(exact, bounds, 10);
      const atLeast = bounds.clamp?.[0] ?? 0;
      if (exact < atLeast) return { value: atLeast, text: String(atLeast) };
      return { value: Number(exact), text: String(BigInt.asUintN(64, exact)) };
    },
  };
}

/** An amount of memory, or a percentage such as `5%`, which is kept as a negative number (-5). */
export function memoryOrPercent(bounds: NumberBounds): ValueType<number> {
  return {
    kind: "percent",
    values: "an amount of memory, or a percentage",
    parse(words) {
      const word = words[0] ?? "";
      if (parseMemory(word) !== null) return memory({ ...bounds, minimum: 0n }).parse(words, NO_CONTEXT);
      const digits = word.endsWith("%") ? word.slice(0, -1) : "";
      if (!isCanonicalInt64(digits) || digits.startsWith("-")) {
        throw new ConfigurationError("argument must be a memory or percent value");
      }
      const percent = BigInt(digits);
      if (-percent < bounds.minimum) {
        throw new ConfigurationError(`percentage argument must be less or equal to ${String(-bounds.minimum)}`);
      }
      return percent === 0n ? { value: 0, text: "0" } : { value: -Number(percent), text: `${digits}%` };
    },
  };
}

/** Bounds for people: numbers of C are as good as none. */
function boundsText({ minimum, maximum, clamp }: NumberBounds, radix: 8 | 10): string {
  if (clamp !== undefined && clamp[1] < VAST) return `${String(clamp[0])} to ${String(clamp[1])}`;
  const [from, to] = [clamp === undefined ? minimum : BigInt(clamp[0]), maximum];
  if (from < -VAST) return "a number";
  return to >= VAST ? `from ${from.toString(radix)}` : `${from.toString(radix)} to ${to.toString(radix)}`;
}

/** Nobody means a bound beyond this. */
const VAST = 2_000_000_000;
const NO_CONTEXT = { current: undefined, appending: false };

function checkBounds(exact: bigint, bounds: NumberBounds, radix: 8 | 10): void {
  const compared = bounds.unsigned === true ? BigInt.asUintN(64, exact) : exact;
  if (compared >= bounds.minimum && compared <= bounds.maximum) return;
  const [minimum, maximum] = [bounds.minimum.toString(radix), bounds.maximum.toString(radix)];
  throw new ConfigurationError(`argument must be between ${minimum} and ${maximum} inclusive`);
}

/** True for the decimal text of a signed 64-bit integer in the one form that Redis takes for one. */
export function isCanonicalInt64(word: string): boolean {
  if (!/^(?:0|-?[1-9][0-9]{0,18})$/.test(word)) return false;
  return BigInt.asIntN(64, BigInt(word)) === BigInt(word);
}

const UNITS: Readonly<Record<string, bigint>> = {
  "": 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000000n,
  mb: 1048576n,
  g: 1000000000n,
  gb: 1073741824n,
};
const UINT64_MAX = 18446744073709551615n;

/**
 * Bytes of an amount such as "100mb"; null when it is none. No digits at all mean 0, more than 64 bits are cut to the largest
 * 64-bit number before the unit multiplies it (modulo 2^64): what Redis does with the C library.
 */
export function parseMemory(word: string): bigint | null {
  const match = /^([0-9]{0,127})([a-z]{0,2})$/i.exec(word);
  const unit = UNITS[(match?.[2] ?? "?").toLowerCase()];
  if (match === null || unit === undefined) return null;
  const digits = BigInt(match[1] === "" ? "0" : (match[1] ?? "0"));
  return BigInt.asUintN(64, (digits > UINT64_MAX ? UINT64_MAX : digits) * unit);
}

/** A whole number as C's strtoll reads it (blanks and a plus in front, nothing means 0); null when other text follows. */
export function parseLooseInteger(word: string): bigint | null {
  const match = /^(?:[ \t\n\v\f\r]*([+-]?)([0-9]+))?$/.exec(word);
  if (match === null) return null;
  const magnitude = BigInt(match[2] ?? "0");
  if (match[1] === "-") return magnitude > 9223372036854775808n ? -9223372036854775808n : -magnitude;
  return magnitude > 9223372036854775807n ? 9223372036854775807n : magnitude;
}
