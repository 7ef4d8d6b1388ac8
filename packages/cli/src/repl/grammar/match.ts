/**
 * Reads the words of a command against its argument tree, as far as they go:
 *
 *     SET key value [NX | XX] [GET] [EX seconds | ...]      words: k v EX
 *         key value                  EX                     roles: each word is a token or a value
 *                   [NX | XX] [GET]     seconds             missing: what of it would be shown as a hint
 *                                       seconds             next: what may stand in the following place
 *
 * Optional arguments that follow each other may come in any order. Matching is greedy and linear; it does not go back: a word that
 * could be two things is the first of them, as the server reads it.
 */
import { argumentUsage, type LeafArgument } from "@sider/command-spec";

type Argument = Parameters<typeof argumentUsage>[0];

/** What a word is, or what may stand in a place: a literal word, or a value of some kind. */
export type Slot =
  | { readonly kind: "token"; readonly token: string; readonly argument: Argument }
  | { readonly kind: "value"; readonly argument: LeafArgument };

export interface Match {
  /** What each word is; shorter than the words where one fits nothing. */
  readonly roles: readonly Slot[];
  /** Usage texts of the arguments that are missing still, those that may be left out in brackets. */
  readonly missing: readonly string[];
  /** What may stand behind the words. */
  readonly next: readonly Slot[];
  /** Whether all words found their place. */
  readonly fits: boolean;
}

/** How far the words went into an argument or several. */
interface Progress {
  /** Position of the first word behind. */
  readonly end: number;
  readonly missing: readonly string[];
  readonly next: readonly Slot[];
  /** Whether nothing that must be there is missing. */
  readonly isComplete: boolean;
}

/** What surrounds an argument: the words at which a repetition ends, and how often it may be repeated. */
interface Surroundings {
  readonly stops: ReadonlySet<string>;
  readonly most: number;
}

const NO_STOPS: ReadonlySet<string> = new Set();

/** Reads the words (without the command's name) against the arguments. */
export function matchArguments(parts: readonly Argument[], words: readonly string[]): Match {
  const reader = new Reader(words);
  const { end, missing, next } = reader.sequence(parts, 0, NO_STOPS);
  const fits = end === words.length;
  return { roles: reader.roles.slice(0, end), missing: fits ? missing : [], next: fits ? next : [], fits };
}

class Reader {
  readonly roles: Slot[] = [];
  private readonly words: readonly string[];

  constructor(words: readonly string[]) {
    this.words = words;
  }

  /** All arguments, in order, but neighbours that are optional in any order. */
  sequence(parts: readonly Argument[], start: number, outerStops: ReadonlySet<string>): Progress {
    let end = start;
    let keyCount = Infinity;
    for (let at = 0; at < parts.length;) {
      const rest = parts.slice(at);
      const firstRequired = rest.findIndex((part) => part.optional !== true);
      const run = firstRequired < 0 ? rest : rest.slice(0, firstRequired);
      const behind = rest.slice(Math.max(1, run.length));
      if (run.length > 0) {
        const progress = this.optionals(run, end, union(outerStops, behind));
        if (progress.end === this.words.length) return followedBy(progress, behind);
        if (!progress.isComplete) return progress;
        end = progress.end;
        at += run.length;
        continue;
      }
      const [part] = rest;
      if (part === undefined) break;
      if (end === this.words.length) return followedBy(nothing(end), rest);
      const progress = this.occurrences(part, end, { stops: union(outerStops, behind), most: keyCount });
      if (progress === null) return { end, missing: [], next: [], isComplete: false };
      if (progress.end === this.words.length) return followedBy(progress, behind);
      if (!progress.isComplete) return progress;
      keyCount = part.name === "numkeys" ? Number(this.words[end]) || Infinity : Infinity;
      end = progress.end;
      at++;
    }
    return { end, missing: [], next: [], isComplete: true };
  }

  /** As many of the optional arguments as the words name, in any order. */
  private optionals(run: readonly Argument[], start: number, stops: ReadonlySet<string>): Progress {
    const left = [...run];
    let last = nothing(start);
    while (last.end < this.words.length) {
      const found = this.firstOf(left, last.end, union(stops, left));
      if (found === null) break;
      left.splice(left.indexOf(found.part), 1);
      last = found.progress;
      if (!last.isComplete) break;
    }
    return followedBy(last, left);
  }

  private firstOf(
    parts: readonly Argument[],
    at: number,
    stops: ReadonlySet<string>,
  ): { part: Argument; progress: Progress } | null {
    for (const part of parts) {
      const progress = this.occurrences(part, at, { stops, most: Infinity });
      if (progress !== null) return { part, progress };
    }
    return null;
  }

  /** An argument as often as it is there; null when the first word is none of it. */
  private occurrences(part: Argument, start: number, { stops, most }: Surroundings): Progress | null {
    let progress = this.withToken(part, start, stops);
    if (progress === null || part.multiple !== true) return progress;
    let count = 1;
    for (; progress.isComplete && count < most && progress.end < this.words.length; count++) {
      if (stops.has(this.upper(progress.end))) return progress;
      const hasToken = part.multipleToken === true;
      const again: Progress | null = hasToken
        ? this.withToken(part, progress.end, stops)
        : this.body(part, progress.end, stops);
      if (again === null) return progress;
      progress = again;
    }
    if (progress.end < this.words.length || count === most) return progress;
    const repeated = andAgain(progress, part);
    // A count says that more must come.
    return most === Infinity ? repeated : { ...repeated, isComplete: false };
  }

  /** Once, with its token in front. */
  private withToken(part: Argument, start: number, stops: ReadonlySet<string>): Progress | null {
    if (part.token === undefined || part.type === "pure-token") return this.body(part, start, stops);
    if (this.upper(start) !== part.token) return null;
    this.roles[start] = { kind: "token", token: part.token, argument: part };
    if (start + 1 === this.words.length) return valueMissing(part, start + 1);
    return this.body(part, start + 1, stops) ?? { ...nothing(start + 1), isComplete: false };
  }

  private body(part: Argument, start: number, stops: ReadonlySet<string>): Progress | null {
    switch (part.type) {
      case "oneof":
        return this.alternative(part.arguments, start, stops);
      case "block": {
        const progress = this.sequence(part.arguments, start, stops);
        return progress.end === start ? null : progress;
      }
      case "pure-token":
        if (this.upper(start) !== (part.token ?? part.name).toUpperCase()) return null;
        this.roles[start] = { kind: "token", token: part.token ?? part.name, argument: part };
        return nothing(start + 1);
      default:
        if (part.optional === true && part.token === undefined && !mayBe(part, this.words[start] ?? "")) return null;
        this.roles[start] = { kind: "value", argument: part };
        return nothing(start + 1);
    }
  }

  /** Words that are written out come before values, which could be anything. */
  private alternative(parts: readonly Argument[], start: number, stops: ReadonlySet<string>): Progress | null {
    const literal = parts.filter((part) => beginsLiterally(part));
    const others = parts.filter((part) => !beginsLiterally(part));
    return this.firstOf([...literal, ...others], start, stops)?.progress ?? null;
  }

  private upper(at: number): string {
    return this.words[at]?.toUpperCase() ?? "";
  }
}

function nothing(end: number): Progress {
  return { end, missing: [], next: [], isComplete: true };
}

/** The progress, with arguments behind it of which nothing was typed. */
function followedBy(progress: Progress, parts: readonly Argument[]): Progress {
  const missing = [...progress.missing, ...parts.map(argumentUsage)];
  const next = [...progress.next];
  let isComplete = progress.isComplete;
  for (const part of parts) {
    if (isComplete) next.push(...beginnings(part));
    isComplete &&= part.optional === true;
  }
  return { ...progress, missing, next, isComplete };
}

/** The progress, with a repetition of the argument that may follow. */
function andAgain(progress: Progress, part: Argument): Progress {
  const next = progress.isComplete ? [...progress.next, ...repetitionBeginnings(part)] : progress.next;
  return { ...progress, missing: [...progress.missing, repetitionUsage(part)], next };
}

function valueMissing(part: Argument, end: number): Progress {
  const { token: _token, ...value } = part;
  const missing = [argumentUsage({ ...value, optional: false, multiple: false })];
  return { end, missing, next: bodyBeginnings(part), isComplete: false };
}

/** `[key ...]`: what argumentUsage shows behind one occurrence. */
function repetitionUsage(part: Argument): string {
  const whole = argumentUsage({ ...part, optional: false });
  const once = argumentUsage({ ...part, optional: false, multiple: false });
  return whole.slice(once.length + 1);
}

function repetitionBeginnings(part: Argument): Slot[] {
  return part.multipleToken === true ? beginnings(part) : bodyBeginnings(part);
}

/** What the first word of an argument may be. */
function beginnings(part: Argument): Slot[] {
  if (part.token === undefined || part.type === "pure-token") return bodyBeginnings(part);
  return [{ kind: "token", token: part.token, argument: part }];
}

function bodyBeginnings(part: Argument): Slot[] {
  switch (part.type) {
    case "oneof":
      return part.arguments.flatMap(beginnings);
    case "block":
      return [...followedBy(nothing(0), part.arguments).next];
    case "pure-token":
      return part.token === "" ? [] : [{ kind: "token", token: part.token ?? part.name, argument: part }];
    default:
      return [{ kind: "value", argument: part }];
  }
}

function beginsLiterally(part: Argument): boolean {
  return beginnings(part).every((slot) => slot.kind === "token");
}

/** The words with which arguments may begin, beside those that are given. */
function union(stops: ReadonlySet<string>, parts: readonly Argument[]): ReadonlySet<string> {
  const words = followedBy(nothing(0), parts).next.flatMap((slot) => (slot.kind === "token" ? [slot.token] : []));
  return words.length === 0 ? stops : new Set([...stops, ...words]);
}

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+|inf)(e[+-]?\d+)?$/i;

/** Whether a word looks like a value of the kind. */
export function mayBe(argument: LeafArgument, word: string): boolean {
  if (argument.type === "integer" || argument.type === "unix-time") return INTEGER.test(word);
  if (argument.type === "double") return NUMBER.test(word);
  return true;
}
