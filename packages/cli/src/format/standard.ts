/**
 * The format for terminals: types are named, elements numbered, nested aggregates aligned below their number.
 *
 *     1) "plain"              1# "key" => (integer) 1
 *     2) 1) (integer) 1       2# "list" =>
 *        2) (nil)                1) "a"
 *
 * Each level indents by the width of its largest number and two more characters.
 */
import { NumberText, ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol";
import { escapeBytes } from "./escapes.ts";
import type { Printer } from "./printer.ts";
import { aggregateOf, type Aggregate, type Scalar } from "./scalars.ts";

const EMPTY = { array: "(empty array)", map: "(empty hash)", set: "(empty set)" } as const;
const MARKS = { array: ") ", map: "# ", set: "~ " } as const;

/** Prints a reply without a line end. Lines after the first begin with `indent`. */
export function printStandard(printer: Printer, reply: Reply, indent = ""): void {
  const aggregate = aggregateOf(reply);
  if (aggregate !== null) return printAggregate(printer, aggregate, indent);
  if (!(reply instanceof Uint8Array)) return printer.add(scalarText(reply as Exclude<Scalar, Uint8Array>));
  printer.add('"');
  printer.addConverted(reply, escapeBytes);
  printer.add('"');
}

function scalarText(reply: Exclude<Scalar, Uint8Array>): string {
  if (reply === null) return "(nil)";
  if (typeof reply === "string") return reply;
  if (typeof reply === "boolean") return reply ? "(true)" : "(false)";
  if (reply instanceof ReplyError) return `(error) ${reply.message}`;
  if (reply instanceof VerbatimString) return reply.text;
  return reply instanceof NumberText ? `(${reply.type}) ${reply.text}` : `(integer) ${reply}`;
}

function printAggregate(printer: Printer, { type, values }: Aggregate, indent: string): void {
  const count = type === "map" ? values.length / 2 : values.length;
  if (count === 0) return printer.add(EMPTY[type]);
  const digits = String(count).length;
  const inner = indent + " ".repeat(digits + 2);
  let number = 0;
  for (const [index, value] of values.entries()) {
    if (type === "map" && index % 2 === 1) {
      printer.add(isMultiline(value) ? ` => \n${inner}` : " => ");
      printStandard(printer, value, inner);
      continue;
    }
    // The first number continues the line of the caller.
    if (index > 0) printer.add("\n" + indent);
    printer.add(String(++number).padStart(digits) + MARKS[type]);
    printStandard(printer, value, inner);
  }
}

/** Whether a value takes several lines, and so begins on one of its own. */
function isMultiline(reply: Reply): boolean {
  const aggregate = aggregateOf(reply);
  if (aggregate === null) return false;
  const { type, values } = aggregate;
  const last = type === "map" ? 2 : 1;
  return values.length === last ? isMultiline(values[last - 1] ?? null) : values.length > last;
}
