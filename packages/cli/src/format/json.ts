/**
 * JSON, one line a reply. Strings are written as the server has them (UTF-8), or, quoted, with all that is not printable ASCII
 * escaped. An error is `error:"..."`, as redis-cli has it.
 */
import { ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol";
import { escapeJson, escapeQuotedJson } from "./escapes.ts";
import { binaryOf, type Printer } from "./printer.ts";
import { isAggregate, numberText } from "./scalars.ts";

/** What lies between the quotes of a string. */
type Escape = (binary: string) => string;

/** Prints a reply as JSON without a line end; `isQuoted` keeps to printable ASCII. */
export function printJson(printer: Printer, reply: Reply, isQuoted: boolean): void {
  printValue(printer, reply, isQuoted ? escapeQuotedJson : escapeJson);
}

function printValue(printer: Printer, reply: Reply, escape: Escape): void {
  if (reply instanceof Map) return printMap(printer, reply, escape);
  if (isAggregate(reply)) return printArray(printer, reply, escape);
  if (reply instanceof Uint8Array) {
    printer.add('"');
    printer.addConverted(reply, escape);
    printer.add('"');
  } else if (typeof reply === "string") printer.add(quoted(reply, escape));
  else if (reply instanceof VerbatimString) printer.add(quoted(reply.text, escape));
  else if (reply instanceof ReplyError) printer.add("error:" + quoted(reply.message, escape));
  else if (typeof reply === "number" || typeof reply === "bigint") printer.add(numberText(reply));
  else printer.add(reply === null ? "null" : reply === true ? "true" : "false");
}

function printArray(printer: Printer, reply: Reply[] | Set<Reply>, escape: Escape): void {
  let isFirst = true;
  printer.add("[");
  for (const element of reply) {
    if (!isFirst) printer.add(",");
    isFirst = false;
    printValue(printer, element, escape);
  }
  printer.add("]");
}

function printMap(printer: Printer, reply: Map<Reply, Reply>, escape: Escape): void {
  let isFirst = true;
  printer.add("{");
  for (const [key, value] of reply) {
    if (!isFirst) printer.add(",");
    isFirst = false;
    printKey(printer, key, escape);
    printer.add(":");
    printValue(printer, value, escape);
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

function quoted(text: string, escape: Escape): string {
  return `"${escape(binaryOf(text))}"`;
}
