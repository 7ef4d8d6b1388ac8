/**
 * The values of all directives, and CONFIG GET and CONFIG SET on them.
 *
 * A change is all or nothing: every new value is parsed first, then all are put in place, then the listeners run. A listener
 * that cannot follow (a port in use) throws `ConfigurationError`; then every value goes back and the listeners are told again.
 * Nothing here touches files, sockets or the clock: that is for the listeners.
 */
import type { Directive } from "./directive.ts";
import { type DirectiveName, DIRECTIVES, type DirectiveValues } from "./directives.ts";
import { matchesGlobText } from "./glob-text.ts";
import { ConfigurationError, type Setting } from "./value-types.ts";

/** What surrounds a CONFIG SET. */
export interface SetContext {
  /** A data set is being loaded: some directives are refused. */
  readonly loading?: boolean;
  /** The client comes from this machine: matters for `enable-protected-configs local`. */
  readonly local?: boolean;
}

/** Told after a directive changed. Throws `ConfigurationError` to refuse the change. */
export type ChangeListener<Value> = (value: Value, previous: Value) => void;

/** A name as users write it: a directive or its alias. */
interface Entry {
  readonly shownName: string;
  readonly name: DirectiveName;
  readonly directive: Directive<unknown>;
}

interface Pending {
  readonly entry: Entry;
  readonly setting: Setting<unknown>;
  readonly previous: Setting<unknown>;
}

export interface ConfigurationOptions {
  /** The absolute form of a `dir` value; throws `ConfigurationError` where there is no such folder. Default: the text as it is. */
  readonly resolveDirectory?: (path: string, currentDirectory: string) => string;
  /** What `dir` is before anything sets it. Default: empty. */
  readonly workingDirectory?: string;
}

/** The directives of one server. */
export class Configuration {
  private readonly entries = new Map<string, Entry>();
  private readonly settings = new Map<DirectiveName, Setting<unknown>>();
  private readonly listeners = new Map<DirectiveName, ChangeListener<unknown>[]>();
  private readonly resolveDirectory: (path: string, currentDirectory: string) => string;

  constructor(options: ConfigurationOptions = {}) {
    this.resolveDirectory = options.resolveDirectory ?? ((path) => path);
    for (const name of Object.keys(DIRECTIVES) as DirectiveName[]) {
      const directive = DIRECTIVES[name] as Directive<unknown>;
      this.entries.set(name, { shownName: name, name, directive });
      if (directive.alias !== undefined) {
        this.entries.set(directive.alias, { shownName: directive.alias, name, directive });
      }
      this.settings.set(name, directive.type.parse(directive.defaultWords, { current: undefined, appending: false }));
    }
    const directory = options.workingDirectory ?? "";
    this.settings.set("dir", { value: directory, text: directory });
  }

  /** The value of a directive. One map lookup: hot code keeps the value and follows it with `onChange`. */
  get<Name extends DirectiveName>(name: Name): DirectiveValues[Name] {
    return this.setting(name).value as DirectiveValues[Name];
  }

  /** The value as CONFIG GET prints it. */
  text(name: DirectiveName): string {
    return this.setting(name).text;
  }

  /** Calls `listener` after every change of the directive, by CONFIG SET or `assign`. Returns a function that ends it. */
  onChange<Name extends DirectiveName>(name: Name, listener: ChangeListener<DirectiveValues[Name]>): () => void {
    const added = listener as ChangeListener<unknown>;
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), added]);
    return () => {
      this.listeners.set(
        name,
        (this.listeners.get(name) ?? []).filter((kept) => kept !== added),
      );
    };
  }

  /** The directive of a name or alias, in any case; undefined for an unknown one. */
  lookup(name: string): { readonly name: DirectiveName; readonly directive: Directive<unknown> } | undefined {
    return this.entries.get(name.toLowerCase());
  }

  /** Sets a directive from the words of a file or of the command line; immutable ones too. Throws `ConfigurationError`. */
  assign(name: DirectiveName, words: readonly string[], appending = false): void {
    const directive = DIRECTIVES[name] as Directive<unknown>;
    const setting = this.parse(name, directive, words, appending);
    const entry: Entry = { shownName: name, name, directive };
    const error = this.commit([{ entry, setting, previous: this.setting(name) }]);
    if (error !== null) throw new ConfigurationError(error);
  }

  /**
   * CONFIG SET: name, value, name, value ... Returns null when all were set, and otherwise the error reply
   * ("ERR ...", "LOADING ...") with nothing changed.
   */
  set(pairs: readonly string[], context: SetContext = {}): string | null {
    if (pairs.length === 0 || pairs.length % 2 !== 0) return "ERR syntax error";
    const chosen = this.choose(pairs, context);
    if (typeof chosen === "string") return chosen;
    const pending: Pending[] = [];
    for (const [index, entry] of chosen.entries()) {
      try {
        pending.push(this.prepare(entry, pairs[index * 2 + 1] ?? "", pending));
      } catch (error) {
        return failure(entry.shownName, error);
      }
    }
    return this.commit(pending);
  }

  /** CONFIG GET: names and values, one after the other, in the order of the table. Patterns are globs without regard to case. */
  match(patterns: readonly string[]): string[] {
    const found = new Map<string, readonly [string, string]>();
    for (const pattern of patterns) {
      if (!/[[*?]/.test(pattern)) {
        const entry = this.entries.get(pattern.toLowerCase());
        const key = pattern.toLowerCase();
        if (entry !== undefined && !found.has(key)) found.set(key, [pattern, this.text(entry.name)]);
        continue;
      }
      for (const [key, entry] of this.entries) {
        if (entry.directive.hidden === true || found.has(key) || !matchesGlobText(pattern, key)) continue;
        found.set(key, [key, this.text(entry.name)]);
      }
    }
    return [...found.values()].flat();
  }

  /** The entries that the names of a CONFIG SET stand for, or the error reply. */
  private choose(pairs: readonly string[], context: SetContext): Entry[] | string {
    const chosen: Entry[] = [];
    for (let at = 0; at < pairs.length; at += 2) {
      const name = pairs[at] ?? "";
      const entry = this.entries.get(name.toLowerCase());
      if (entry === undefined) return `ERR Unknown option or number of arguments for CONFIG SET - '${name}'`;
      if (entry.directive.immutable === true && !this.isOwnValue(entry, pairs[at + 1] ?? "")) {
        return refusal(name, "can't set immutable config");
      }
      if (entry.directive.protected === true && !this.allowsProtected(context)) {
        return refusal(name, "can't set protected config");
      }
      if (context.loading === true && entry.directive.denyLoading === true) {
        return "LOADING Redis is loading the dataset in memory";
      }
      if (chosen.includes(entry)) return refusal(name, "duplicate parameter");
      chosen.push(entry);
    }
    return chosen;
  }

  private isOwnValue({ directive, name }: Entry, value: string): boolean {
    return directive.takesOwnValue === true && value === this.text(name);
  }

  private allowsProtected(context: SetContext): boolean {
    const allowed = this.get("enable-protected-configs");
    return allowed === "yes" || (allowed === "local" && context.local === true);
  }

  private prepare(entry: Entry, value: string, earlier: readonly Pending[]): Pending {
    const words = entry.directive.multi === true ? (value === "" ? [] : value.split(" ")) : [value];
    const previous = earlier.findLast((other) => other.entry.name === entry.name)?.setting ?? this.setting(entry.name);
    return { entry, setting: this.parse(entry.name, entry.directive, words, false), previous };
  }

  private parse(
    name: DirectiveName,
    directive: Directive<unknown>,
    words: readonly string[],
    appending: boolean,
  ): Setting<unknown> {
    const setting = directive.type.parse(words, { current: this.setting(name).value, appending });
    if (name !== "dir") return setting;
    const path = this.resolveDirectory(setting.text, this.text("dir"));
    return { value: path, text: path };
  }

  /** Puts the values in place and tells the listeners; takes everything back when one of them refuses. */
  private commit(pending: readonly Pending[]): string | null {
    const changed = pending.filter(
      (change) => change.setting.text !== change.previous.text || change.entry.directive.volatile === true,
    );
    for (const change of pending) this.settings.set(change.entry.name, change.setting);
    for (const [index, change] of changed.entries()) {
      try {
        this.tell(change.entry.name, change.setting, change.previous);
      } catch (error) {
        this.restore(pending, changed.slice(0, index + 1));
        return failure(change.entry.shownName, error);
      }
    }
    return null;
  }

  private restore(pending: readonly Pending[], told: readonly Pending[]): void {
    for (const change of pending.toReversed()) this.settings.set(change.entry.name, change.previous);
    for (const change of told.toReversed()) {
      try {
        this.tell(change.entry.name, change.previous, change.setting);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error; // the old value is back, whatever the listener could do
      }
    }
  }

  private tell(name: DirectiveName, setting: Setting<unknown>, previous: Setting<unknown>): void {
    for (const listener of this.listeners.get(name) ?? []) listener(setting.value, previous.value);
  }

  private setting(name: DirectiveName): Setting<unknown> {
    const setting = this.settings.get(name);
    if (setting === undefined) throw new Error(`Unknown directive ${name}`);
    return setting;
  }
}

function refusal(name: string, reason: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
}

function failure(name: string, error: unknown): string {
  if (!(error instanceof ConfigurationError)) throw error;
  return refusal(name, error.message);
}
