/**
 * The format for terminals: types are named, elements numbered, nested aggregates aligned below their number.
 *
 *     1) "plain"              1# "key" => (integer) 1
 *     2) 1) (integer) 1       2# "list" =>
 *        2) (nil)                1) "a"
 *
 * Each level indents by the width of its largest number and two more characters.
 */
import { ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol";
import { escapeBytes } from "./escapes.ts";
import type { Printer } from "./printer.ts";
import { isAggregate, isDouble, numberText, type Aggregate } from "./scalars.ts";

/** Prints a reply without a line end. Lines after the first begin with `indent`. */
export function printStandard(printer: Printer, reply: Reply, indent = ""): void {
  if (isAggregate(reply)) return printAggregate(printer, reply, indent);
  if (!(reply instanceof Uint8Array)) return printer.addText(scalarText(reply));
  printer.add('"');
  printer.addConverted(reply, escapeBytes);
  printer.add('"');
}

function scalarText(reply: Exclude<Reply, Aggregate | Uint8Array>): string {
  if (reply === null) return "(nil)";
  if (typeof reply === "string") return reply;
  if (typeof reply === "boolean") return reply ? "(true)" : "(false)";
  if (reply instanceof ReplyError) return `(error) ${reply.message}`;
  if (reply instanceof VerbatimString) return reply.text;
  if (typeof reply === "object") return JSON.stringify(reply);
  return `${isDouble(reply) ? "(double)" : "(integer)"} ${numberText(reply)}`;
}

function printAggregate(printer: Printer, reply: Aggregate, indent: string): void {
  const count = countOf(reply);
  if (count === 0) return printer.add(`(empty ${typeName(reply)})`);
  const digits = String(count).length;
  const inner = indent + " ".repeat(digits + 2);
  const mark = reply instanceof Map ? "# " : reply instanceof Set ? "~ " : ") ";
  let number = 0;
  for (const [key, value] of reply.entries()) {
    // The first number continues the line of the caller.
    if (number > 0) printer.add("\n" + indent);
    printer.add(String(++number).padStart(digits) + mark);
    if (reply instanceof Map) {
      printStandard(printer, key, inner);
      printer.add(isMultiline(value) ? ` => \n${inner}` : " => ");
    }
    printStandard(printer, value, inner);
  }
}

function countOf(reply: Aggregate): number {
  return Array.isArray(reply) ? reply.length : reply.size;
}

function typeName(reply: Aggregate): string {
  return reply instanceof Map ? "hash" : reply instanceof Set ? "set" : "array";
}

/** Whether a value takes several lines, and so begins on one of its own. */
function isMultiline(reply: Reply): boolean {
  if (!isAggregate(reply)) return false;
  const count = countOf(reply);
  if (count !== 1) return count > 1;
  const [only] = reply.values();
  return only !== undefined && isMultiline(only);
}
