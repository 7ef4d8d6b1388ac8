/** Comma-separated values: a reply is one line, nested ones and maps are flattened. */
import { ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol";
import { escapeBytes } from "./escapes.ts";
import { binaryOf, type Printer } from "./printer.ts";
import { flat, isAggregate, numberText } from "./scalars.ts";

/** Prints a reply without a line end. */
export function printCsv(printer: Printer, reply: Reply): void {
  if (isAggregate(reply)) {
    let isFirst = true;
    for (const element of flat(reply)) {
      if (!isFirst) printer.add(",");
      isFirst = false;
      printCsv(printer, element);
    }
  } else if (reply instanceof Uint8Array) {
    printer.add('"');
    printer.addConverted(reply, escapeBytes);
    printer.add('"');
  } else if (reply instanceof ReplyError) printer.add("ERROR," + quoted(reply.message));
  else if (reply instanceof VerbatimString) printer.add(quoted(reply.text));
  else if (typeof reply === "string") printer.add(quoted(reply));
  else if (typeof reply === "boolean") printer.add(reply ? "true" : "false");
  else if (typeof reply === "number" || typeof reply === "bigint") printer.add(numberText(reply));
  else printer.add("NULL");
}

function quoted(text: string): string {
  return `"${escapeBytes(binaryOf(text))}"`;
}
