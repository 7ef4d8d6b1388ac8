/** The format for pipes: values alone, elements one a line. An error has a line end of its own, so that an empty line follows it. */
import { NumberText, ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol/client";
import type { Printer } from "./printer.ts";
import { aggregateOf, type Aggregate, type Scalar } from "./scalars.ts";

/** Prints a reply without a line end; `delimiter` (binary text) stands between elements. */
export function printRaw(printer: Printer, reply: Reply, delimiter: string): void {
  const aggregate = aggregateOf(reply);
  if (aggregate !== null) printElements(printer, aggregate, delimiter);
  else if (reply instanceof Uint8Array) printer.addBytes(reply);
  else printer.add(scalarText(reply as Exclude<Scalar, Uint8Array>));
}

function scalarText(reply: Exclude<Scalar, Uint8Array>): string {
  if (reply === null) return "";
  if (typeof reply === "string") return reply;
  if (typeof reply === "boolean") return reply ? "(true)" : "(false)";
  if (reply instanceof ReplyError) return reply.message + "\n";
  return reply instanceof VerbatimString || reply instanceof NumberText ? reply.text : String(reply);
}

/** A map has a space between a key and its value. */
function printElements(printer: Printer, { type, values }: Aggregate, delimiter: string): void {
  for (const [index, value] of values.entries()) {
    if (index > 0) printer.add(type === "map" && index % 2 === 1 ? " " : delimiter);
    printRaw(printer, value, delimiter);
  }
}
