/**
 * What a directive is: the type of its value, its default, who may change it and when, and whether Sider acts on it yet.
 * The rows themselves are in `directives.ts`.
 */
import type { ValueType } from "./value-types.ts";

/** When and by whom a directive may be changed, and how it is shown. */
export interface DirectiveFlags {
  /** Only a configuration file or the command line sets it. */
  readonly immutable?: true;
  /** Immutable, but CONFIG SET takes the value that it has: tools set again what CONFIG GET gave, except what Redis refuses. */
  readonly takesOwnValue?: true;
  /** CONFIG SET needs `enable-protected-configs`. */
  readonly protected?: true;
  /** Takes several words. */
  readonly multi?: true;
  /** The value must not appear in logs. */
  readonly sensitive?: true;
  /** CONFIG GET shows it only when asked by its exact name. */
  readonly hidden?: true;
  /** CONFIG SET is refused while a data set is being loaded. */
  readonly denyLoading?: true;
  /** Listeners run on every CONFIG SET, even when the value stays the same (files that may have changed). */
  readonly volatile?: true;
  /** An older name that still works and is shown by CONFIG GET too. */
  readonly alias?: string;
}

/** One row of the table. */
export interface Directive<Value> extends DirectiveFlags {
  readonly type: ValueType<Value>;
  /** The words of the default, parsed like any other. */
  readonly defaultWords: readonly string[];
  /** `noted`: known and kept, but without effect yet; a start that sets it to another value than the default warns once. */
  readonly support: "works" | "noted";
}

/** A directive that Sider acts on. */
export function works<Value>(
  type: ValueType<Value>,
  defaultWords: string | readonly string[],
  flags: DirectiveFlags = {},
): Directive<Value> {
  return {
    type,
    defaultWords: typeof defaultWords === "string" ? [defaultWords] : defaultWords,
    support: "works",
    ...flags,
  };
}

/** A directive that is known, checked and shown, but has no effect yet. */
export function noted<Value>(
  type: ValueType<Value>,
  defaultWords: string | readonly string[],
  flags: DirectiveFlags = {},
): Directive<Value> {
  return { ...works(type, defaultWords, flags), support: "noted" };
}
