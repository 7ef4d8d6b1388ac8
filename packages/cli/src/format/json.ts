/**
 * JSON, one line a reply. Strings are written as the server has them (UTF-8), or, quoted, with all that is not printable ASCII
 * escaped. An error is `error:"..."`, as redis-cli has it.
 */
import { NumberText, ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol/client";
import { escapeJson, escapeQuotedJson } from "./escapes.ts";
import type { Printer } from "./printer.ts";
import { aggregateOf, type Scalar } from "./scalars.ts";

/** What lies between the quotes of a string. */
type Escape = (binary: string) => string;

/** Prints a reply as JSON without a line end; `isQuoted` keeps to printable ASCII. */
export function printJson(printer: Printer, reply: Reply, isQuoted: boolean): void {
  printValue(printer, reply, isQuoted ? escapeQuotedJson : escapeJson);
}

function printValue(printer: Printer, reply: Reply, escape: Escape): void {
  const aggregate = aggregateOf(reply);
  if (aggregate === null) printScalar(printer, reply as Scalar, escape);
  else if (aggregate.type === "map") printMap(printer, aggregate.values, escape);
  else printArray(printer, aggregate.values, escape);
}

function printScalar(printer: Printer, reply: Scalar, escape: Escape): void {
  if (reply instanceof Uint8Array) {
    printer.add('"');
    printer.addConverted(reply, escape);
    printer.add('"');
  } else if (typeof reply === "string") printer.add(quoted(reply, escape));
  else if (reply instanceof VerbatimString) printer.add(quoted(reply.text, escape));
  else if (reply instanceof ReplyError) printer.add("error:" + quoted(reply.message, escape));
  else printer.add(reply instanceof NumberText ? reply.text : String(reply));
}

function printArray(printer: Printer, values: readonly Reply[], escape: Escape): void {
  printer.add("[");
  for (const [index, value] of values.entries()) {
    if (index > 0) printer.add(",");
    printValue(printer, value, escape);
  }
  printer.add("]");
}

function printMap(printer: Printer, values: readonly Reply[], escape: Escape): void {
  printer.add("{");
  for (const [index, value] of values.entries()) {
    if (index % 2 === 1) {
      printer.add(":");
      printValue(printer, value, escape);
      continue;
    }
    if (index > 0) printer.add(",");
    printKey(printer, value, escape);
  }
  printer.add("}");
}

/** Keys are strings in JSON: another key becomes the text of its JSON. */
function printKey(printer: Printer, key: Reply, escape: Escape): void {
  const isText = typeof key === "string" || key instanceof Uint8Array || key instanceof VerbatimString;
  if (isText || key instanceof ReplyError) return printValue(printer, key, escape);
  printer.add('"');
  printValue(printer, key, escape);
  printer.add('"');
}

function quoted(binary: string, escape: Escape): string {
  return `"${escape(binary)}"`;
}
