/** What a server tells of its commands in COMMAND DOCS, as the prompt knows commands. What is missing or strange is left out. */
import { Elements, VerbatimString, type Reply } from "@sider/resp-protocol/client";
import { Buffer } from "node:buffer";
import { printable } from "../editor/line-buffer.ts";
import type { KnownCommand } from "./known-commands.ts";

type Argument = KnownCommand["arguments"][number];

const LEAF_TYPES = ["string", "integer", "double", "key", "pattern", "unix-time", "pure-token"];
const DEEPEST_ARGUMENT = 20;

/** The commands in a reply to COMMAND DOCS. */
export function commandsOfDocs(reply: Reply): KnownCommand[] {
  return pairsOf(reply).map(([name, docs]) => commandOf(textOf(name), docs, null));
}

/** The names in a reply to COMMAND LIST. */
export function namesOf(reply: Reply): string[] {
  return valuesOf(reply).map(textOf).filter(Boolean);
}

function commandOf(fullName: string, docs: Reply, container: KnownCommand | null): KnownCommand {
  const fields = fieldsOf(docs);
  const text = (name: string): string => textOf(fields.get(name) ?? null);
  const subcommands = new Map<string, KnownCommand>();
  const command: KnownCommand = {
    name: fullName.slice(fullName.indexOf("|") + 1).toLowerCase(),
    fullName: fullName.toLowerCase(),
    group: text("group"),
    summary: text("summary").replace(/\.$/, ""),
    since: text("since"),
    complexity: text("complexity").replace(/\.$/, ""),
    arguments: argumentsOf(fields.get("arguments"), 0),
    flags: [],
    keys: [],
    history: historyOf(fields.get("history")),
    container,
    subcommands,
    ...optional("deprecatedSince", text("deprecated_since")),
    ...optional("replacedBy", text("replaced_by")),
  };
  for (const [name, inner] of pairsOf(fields.get("subcommands") ?? null)) {
    const subcommand = commandOf(textOf(name), inner, command);
    subcommands.set(subcommand.name, subcommand);
  }
  return command;
}

function argumentsOf(reply: Reply | undefined, depth: number): Argument[] {
  if (reply === undefined || depth > DEEPEST_ARGUMENT) return [];
  return valuesOf(reply).flatMap((value) => argumentOf(fieldsOf(value), depth));
}

function argumentOf(fields: ReadonlyMap<string, Reply>, depth: number): Argument[] {
  const text = (name: string): string => textOf(fields.get(name) ?? null);
  const flags = valuesOf(fields.get("flags") ?? null).map(textOf);
  const type = text("type");
  const options = {
    name: text("name"),
    ...(flags.includes("optional") ? { optional: true } : {}),
    ...(flags.includes("multiple") ? { multiple: true } : {}),
    ...(flags.includes("multiple_token") ? { multipleToken: true } : {}),
    ...optional("token", text("token").toUpperCase()),
    ...optional("displayText", text("display_text")),
  };
  if (type === "oneof" || type === "block") {
    return [{ ...options, type, arguments: argumentsOf(fields.get("arguments"), depth + 1) }];
  }
  return LEAF_TYPES.includes(type) ? [{ ...options, type: type as "string" }] : [];
}

function historyOf(reply: Reply | undefined): [string, string][] {
  return valuesOf(reply ?? null).map((entry) => {
    const [since = null, change = null] = valuesOf(entry);
    return [textOf(since), textOf(change)];
  });
}

function optional<Name extends string>(name: Name, text: string): Partial<Record<Name, string>> {
  return text === "" ? {} : ({ [name]: text } as Record<Name, string>);
}

/** The fields of a map, in RESP2 an array of names and values in turn. */
function fieldsOf(reply: Reply): ReadonlyMap<string, Reply> {
  return new Map(pairsOf(reply).map(([name, value]) => [textOf(name), value]));
}

function pairsOf(reply: Reply): [Reply, Reply][] {
  const values = valuesOf(reply);
  return Array.from({ length: values.length >> 1 }, (_, at) => [values[2 * at] ?? null, values[2 * at + 1] ?? null]);
}

function valuesOf(reply: Reply): readonly Reply[] {
  if (reply instanceof Elements) return reply.values;
  return Array.isArray(reply) ? reply : [];
}

/** Text of the server that is shown as it is: it must not move the cursor or change colours. */
function textOf(reply: Reply): string {
  if (reply instanceof Uint8Array) return printable(Buffer.from(reply).toString());
  if (reply instanceof VerbatimString) return printable(reply.text);
  return typeof reply === "string" ? printable(reply) : "";
}
