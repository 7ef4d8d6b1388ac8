/** The format for pipes: values alone, elements one a line. An error has a line end of its own, so that an empty line follows it. */
import { ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol";
import type { Printer } from "./printer.ts";
import { isAggregate, numberText, type Aggregate } from "./scalars.ts";

/** Prints a reply without a line end; `delimiter` (binary text) stands between elements. */
export function printRaw(printer: Printer, reply: Reply, delimiter: string): void {
  if (reply instanceof Uint8Array) printer.addBytes(reply);
  else if (isAggregate(reply)) printElements(printer, reply, delimiter);
  else if (typeof reply === "string") printer.addText(reply);
  else if (typeof reply === "boolean") printer.add(reply ? "(true)" : "(false)");
  else if (reply instanceof ReplyError) printer.addText(reply.message + "\n");
  else if (reply instanceof VerbatimString) printer.addText(reply.text);
  else if (typeof reply === "number" || typeof reply === "bigint") printer.add(numberText(reply));
}

function printElements(printer: Printer, reply: Aggregate, delimiter: string): void {
  let isFirst = true;
  for (const [key, value] of reply.entries()) {
    if (!isFirst) printer.add(delimiter);
    isFirst = false;
    if (reply instanceof Map) {
      printRaw(printer, key, delimiter);
      printer.add(" ");
    }
    printRaw(printer, value, delimiter);
  }
}
