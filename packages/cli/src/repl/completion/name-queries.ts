/** Which names of the server, and which fixed words, may stand for a value of a command. */
import { ACL_CATEGORIES } from "@sider/command-spec";
import { nameLength, type KnownCommand } from "../grammar/known-commands.ts";
import type { Slot } from "../grammar/match.ts";
import type { NameQuery } from "./server-names.ts";

type Leaf = Extract<Slot, { kind: "value" }>["argument"];

/** The type of the keys that the commands of a group are for. */
const TYPE_OF_GROUP: Readonly<Record<string, string>> = {
  string: "string",
  bitmap: "string",
  hyperloglog: "string",
  list: "list",
  hash: "hash",
  set: "set",
  "sorted-set": "zset",
  geo: "zset",
  stream: "stream",
};

/** These take sets as well. */
const TAKES_SETS = /^z(union|inter|diff)/;

/** The query whose answers may stand for the argument, behind these words (the command's name included); null when there is none. */
export function queryFor(
  command: KnownCommand,
  argument: Leaf,
  roles: readonly Slot[],
  words: readonly string[],
): NameQuery | null {
  if (argument.type === "key") return { kind: "keys", type: typeFor(command, argument) };
  const valueOf = (wanted: (leaf: Leaf) => boolean): string | undefined => {
    const at = roles.findIndex((role) => role.kind === "value" && wanted(role.argument));
    return at < 0 ? undefined : words[nameLength(command) + at];
  };
  const key = valueOf((leaf) => leaf.type === "key");
  const group = valueOf((leaf) => leaf.name === "group");
  return (key === undefined ? null : queryInKey(command, argument, key, group)) ?? queryByName(command, argument);
}

function queryInKey({ group: family }: KnownCommand, { name }: Leaf, key: string, group = ""): NameQuery | null {
  if (family === "hash" && name === "field") return { kind: "fields", key };
  if (family === "set" && name === "member") return { kind: "members", key };
  if ((family === "sorted-set" || family === "geo") && /^member\d?$/.test(name)) return { kind: "scored", key };
  if (family === "stream" && name === "group") return { kind: "groups", key };
  return family === "stream" && name === "consumer" ? { kind: "consumers", key, group } : null;
}

function queryByName({ fullName, group }: KnownCommand, { name }: Leaf): NameQuery | null {
  if (name === "username" && /^(acl|client)\|/.test(fullName)) return { kind: "users" };
  if (name === "parameter" && fullName.startsWith("config|")) return { kind: "parameters" };
  if (group !== "pubsub") return null;
  if (name === "channel") return { kind: "channels" };
  return name === "shardchannel" ? { kind: "shardchannels" } : null;
}

/** The type that a key must have to be of use; null when a key of any type is. */
function typeFor({ group, name, keys }: KnownCommand, { keySpecIndex = 0 }: Leaf): string | null {
  const flags = keys[keySpecIndex]?.flags ?? [];
  const isAnyOverwritten = flags.includes("OW") || flags.includes("variable_flags");
  return isAnyOverwritten || TAKES_SETS.test(name) ? null : (TYPE_OF_GROUP[group] ?? null);
}

const TYPES = ["string", "list", "set", "zset", "hash", "stream"];
const RULES = [
  ..."on off nopass resetpass reset allkeys resetkeys allchannels resetchannels allcommands nocommands".split(" "),
  ..."clearselectors sanitize-payload skip-sanitize-payload".split(" "),
];
const SECTIONS =
  "server clients memory persistence stats replication cpu commandstats latencystats cluster modules keyspace errorstats all default everything";

/** Fixed words for values, by command and argument. */
const WORDS: Readonly<Record<string, () => readonly string[]>> = {
  "acl|cat category": () => ACL_CATEGORIES,
  "acl|setuser rule": () => [...RULES, ...ACL_CATEGORIES.flatMap((name) => [`+@${name}`, `-@${name}`])],
  "info section": () => SECTIONS.split(" "),
  "scan type": () => TYPES,
};

/** The words that may stand for the argument beside what the server knows. */
export function wordsFor({ fullName }: KnownCommand, { name }: Leaf): readonly string[] {
  return WORDS[`${fullName} ${name}`]?.() ?? [];
}

/** Whether names of commands may stand for the argument. */
export function takesCommandName({ fullName }: KnownCommand, { name }: Leaf): boolean {
  return /^(command|latency|acl)\|/.test(fullName) && /^command(-name)?$/.test(name);
}
