/**
 * The table: the rows of all groups, with names, resolved into `Command`s and found by name.
 *
 * Names are literal types, so that handlers join by type: an object that `satisfies Record<CommandNames<"string">, Handler>`
 * misses none and invents none. A subcommand is named as COMMAND prints it: `config|get`.
 */

import { bitmapRows } from "./rows/bitmap.ts";
import { clusterRows } from "./rows/cluster.ts";
import { connectionRows } from "./rows/connection.ts";
import { listRows } from "./rows/list.ts";
import { hashRows } from "./rows/hash.ts";
import { setRows } from "./rows/set.ts";
import { sortedSetRows } from "./rows/sorted-set.ts";
import { streamRows } from "./rows/stream.ts";
import { hyperloglogRows } from "./rows/hyperloglog.ts";
import { geoRows } from "./rows/geo.ts";
import { genericRows } from "./rows/generic.ts";
import { pubsubRows } from "./rows/pubsub.ts";
import { serverRows } from "./rows/server.ts";
import { stringRows } from "./rows/string.ts";
import { transactionRows } from "./rows/transactions.ts";
import type { CommandGroup, CommandRow, CommandRows, SubcommandRow } from "./row.ts";

interface Rows {
  readonly string: typeof stringRows;
  readonly list: typeof listRows;
  readonly hash: typeof hashRows;
  readonly set: typeof setRows;
  readonly "sorted-set": typeof sortedSetRows;
  readonly stream: typeof streamRows;
  readonly bitmap: typeof bitmapRows;
  readonly hyperloglog: typeof hyperloglogRows;
  readonly geo: typeof geoRows;
  readonly generic: typeof genericRows;
  readonly connection: typeof connectionRows;
  readonly transactions: typeof transactionRows;
  readonly pubsub: typeof pubsubRows;
  readonly cluster: typeof clusterRows;
  readonly server: typeof serverRows;
}

/** The rows as written, by group. */
export const commandRows: Rows & Record<CommandGroup, CommandRows> = {
  string: stringRows,
  list: listRows,
  hash: hashRows,
  set: setRows,
  "sorted-set": sortedSetRows,
  stream: streamRows,
  bitmap: bitmapRows,
  hyperloglog: hyperloglogRows,
  geo: geoRows,
  generic: genericRows,
  connection: connectionRows,
  transactions: transactionRows,
  pubsub: pubsubRows,
  cluster: clusterRows,
  server: serverRows,
};

type SubcommandNames<Name extends string, Row> = Row extends { readonly subcommands: infer Subcommands }
  ? `${Name}|${keyof Subcommands & string}`
  : never;
/** A container whose arity asks for a second word never runs by itself (COMMAND, with arity -1, does). */
type PureContainer = { readonly subcommands: object; readonly arity: -2 };
type OwnName<Name extends string, Row> = Row extends PureContainer ? never : Name;
type NamesIn<Table> = {
  [Name in keyof Table & string]: OwnName<Name, Table[Name]> | SubcommandNames<Name, Table[Name]>;
}[keyof Table & string];
type ContainersIn<Table> = {
  [Name in keyof Table & string]: Table[Name] extends PureContainer ? Name : never;
}[keyof Table & string];

/** The commands of a group that something runs for: those without pure containers (CONFIG), with subcommands (`config|get`). */
export type CommandNames<Group extends CommandGroup = CommandGroup> = Group extends CommandGroup
  ? NamesIn<Rows[Group]>
  : never;
/** Commands that are only a name for their subcommands. */
export type ContainerName = { [Group in CommandGroup]: ContainersIn<Rows[Group]> }[CommandGroup];
/** Every name in the table. */
export type CommandName = CommandNames | ContainerName;

type ListField = "flags" | "categories" | "tips" | "keys" | "arguments" | "history" | "documentFlags";

/** A row together with its names and its place; lists that the row leaves out are empty. */
export interface Command extends Omit<SubcommandRow, ListField>, Required<Pick<SubcommandRow, ListField>> {
  /** As a client types it, in lower case: `get`; for a subcommand its own word: `kill`. */
  readonly name: string;
  /** As COMMAND prints it: `get`, `client|kill`. */
  readonly fullName: CommandName;
  readonly group: CommandGroup;
  readonly container: Command | null;
  /** By lower-case word; empty for all but containers. */
  readonly subcommands: ReadonlyMap<string, Command>;
}

const EMPTY_LISTS = {
  flags: [],
  categories: [],
  tips: [],
  keys: [],
  arguments: [],
  history: [],
  documentFlags: [],
} as const satisfies Required<Pick<SubcommandRow, ListField>>;

function resolve(group: CommandGroup, name: string, row: CommandRow, container: Command | null): Command {
  const fullName = (container === null ? name : `${container.name}|${name}`) as CommandName;
  const subcommands = new Map<string, Command>();
  const command: Command = { ...EMPTY_LISTS, ...row, name, fullName, group, container, subcommands };
  for (const [word, subcommand] of Object.entries(row.subcommands ?? {})) {
    subcommands.set(word, resolve(group, word, subcommand, command));
  }
  return command;
}

function resolveAll(): Map<string, Command> {
  const all = new Map<string, Command>();
  for (const [group, rows] of Object.entries(commandRows) as [CommandGroup, CommandRows][]) {
    for (const [name, row] of Object.entries(rows)) all.set(name, resolve(group, name, row, null));
  }
  return all;
}

/** All commands by lower-case name; subcommands are inside their containers. */
export const commands: ReadonlyMap<string, Command> = resolveAll();

/**
 * Finds a command by name in any case; `container|subcommand` finds a subcommand. O(1).
 * For tables that are built once; a server that looks names up by bytes builds its own index from `commands`.
 */
export function findCommand(name: CommandName): Command;
export function findCommand(name: string): Command | undefined;
export function findCommand(name: string): Command | undefined {
  const lower = name.toLowerCase();
  const bar = lower.indexOf("|");
  if (bar < 0) return commands.get(lower);
  return commands.get(lower.slice(0, bar))?.subcommands.get(lower.slice(bar + 1));
}

/** Visits every command and, right after its container, every subcommand. */
export function* eachCommand(): Generator<Command> {
  for (const command of commands.values()) {
    yield command;
    yield* command.subcommands.values();
  }
}
