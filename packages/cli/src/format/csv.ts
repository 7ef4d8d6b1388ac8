/** Comma-separated values: a reply is one line, nested ones and maps are flattened. */
import { NumberText, ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol/client";
import { escapeBytes } from "./escapes.ts";
import type { Printer } from "./printer.ts";
import { aggregateOf, type Scalar } from "./scalars.ts";

/** Prints a reply without a line end. */
export function printCsv(printer: Printer, reply: Reply): void {
  const aggregate = aggregateOf(reply);
  if (aggregate === null) return printScalar(printer, reply as Scalar);
  let isFirst = true;
  for (const value of aggregate.values) {
    if (!isFirst) printer.add(",");
    isFirst = false;
    printCsv(printer, value);
  }
}

function printScalar(printer: Printer, reply: Scalar): void {
  if (reply instanceof Uint8Array) {
    printer.add('"');
    printer.addConverted(reply, escapeBytes);
    printer.add('"');
  } else if (reply instanceof ReplyError) printer.add("ERROR," + quoted(reply.message));
  else if (reply instanceof VerbatimString) printer.add(quoted(reply.text));
  else if (typeof reply === "string") printer.add(quoted(reply));
  else if (reply instanceof NumberText) printer.add(reply.text);
  else printer.add(reply === null ? "NULL" : String(reply));
}

function quoted(binary: string): string {
  return `"${escapeBytes(binary)}"`;
}
