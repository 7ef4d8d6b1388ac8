/**
 * The format for terminals: types are named, elements numbered, nested aggregates aligned below their number.
 *
 *     1) "plain"              1# "key" => (integer) 1
 *     2) 1) (integer) 1       2# "list" =>
 *        2) (nil)                1) "a"
 *
 * Each level indents by the width of its largest number and two more characters.
 */
import { Buffer } from "node:buffer";
import { NumberText, ReplyError, VerbatimString, type Reply } from "@sider/resp-protocol/client";
import { escapeBytes } from "./escapes.ts";
import type { Printer } from "./printer.ts";
import { aggregateOf, type Aggregate, type Scalar } from "./scalars.ts";

/** What a part of a printed reply is: `mark` is the number in front of an element, `name` the key of a map. */
export type ReplyPart = "mark" | "string" | "name" | "status" | "number" | "nil" | "error";

/** How a terminal shows a reply, beyond the format. */
export interface ReplyStyle {
  /** What stands before and behind the text of a part: colours. */
  paint(part: ReplyPart): readonly [before: string, behind: string];
  /** Whether the values of a map stand below each other. */
  readonly isAligned: boolean;
}

const PLAIN: ReplyStyle = { paint: () => ["", ""], isAligned: false };
/** Longer names are not aligned to. */
const WIDEST_NAME = 32;
const EMPTY = { array: "(empty array)", map: "(empty hash)", set: "(empty set)" } as const;
const MARKS = { array: ") ", map: "# ", set: "~ " } as const;

/** Prints a reply without a line end. */
export function printStandard(printer: Printer, reply: Reply, style = PLAIN): void {
  new StandardPrinter(printer, style).print(reply, "", "string");
}

class StandardPrinter {
  private readonly printer: Printer;
  private readonly style: ReplyStyle;

  constructor(printer: Printer, style: ReplyStyle) {
    this.printer = printer;
    this.style = style;
  }

  /** Lines after the first begin with `indent`. */
  print(reply: Reply, indent: string, textPart: "string" | "name"): void {
    const aggregate = aggregateOf(reply);
    if (aggregate !== null) return this.printAggregate(aggregate, indent);
    const { printer } = this;
    const part = reply instanceof Uint8Array ? textPart : partOf(reply as Exclude<Scalar, Uint8Array>);
    const [before, behind] = this.style.paint(part);
    printer.add(before);
    if (reply instanceof Uint8Array) {
      printer.add('"');
      printer.addConverted(reply, escapeBytes);
      printer.add('"');
    } else printer.add(scalarText(reply as Exclude<Scalar, Uint8Array>));
    printer.add(behind);
  }

  private printAggregate({ type, values }: Aggregate, indent: string): void {
    const { printer } = this;
    const count = type === "map" ? values.length / 2 : values.length;
    if (count === 0) return this.addPart("nil", EMPTY[type]);
    const digits = String(count).length;
    const inner = indent + " ".repeat(digits + 2);
    const widths = this.style.isAligned && type === "map" ? nameWidths(values) : null;
    let number = 0;
    for (const [index, value] of values.entries()) {
      if (type === "map" && index % 2 === 1) {
        this.addPart("mark", (widths === null ? "" : " ".repeat(widths.widest - widths.of(index - 1))) + " =>");
        printer.add(isMultiline(value) ? ` \n${inner}` : " ");
        this.print(value, inner, "string");
        continue;
      }
      // The first number continues the line of the caller.
      if (index > 0) printer.add("\n" + indent);
      this.addPart("mark", String(++number).padStart(digits) + MARKS[type]);
      this.print(value, inner, type === "map" ? "name" : "string");
    }
  }

  private addPart(part: ReplyPart, text: string): void {
    const [before, behind] = this.style.paint(part);
    this.printer.add(before + text + behind);
  }
}

/** How wide the names of a map are when printed; null when they cannot be aligned. */
function nameWidths(values: readonly Reply[]): { widest: number; of(index: number): number } | null {
  const widths = values.map((value, index) => {
    const isShort = value instanceof Uint8Array && value.length <= WIDEST_NAME;
    return index % 2 === 1 ? 0 : isShort ? escapeBytes(Buffer.from(value).toString("latin1")).length : Infinity;
  });
  const widest = widths.reduce((most, width) => Math.max(most, width), 0);
  return widest === Infinity ? null : { widest, of: (index) => widths[index] ?? 0 };
}

function partOf(reply: Exclude<Scalar, Uint8Array>): ReplyPart {
  if (reply === null) return "nil";
  if (reply instanceof ReplyError) return "error";
  return typeof reply === "string" || reply instanceof VerbatimString ? "status" : "number";
}

function scalarText(reply: Exclude<Scalar, Uint8Array>): string {
  if (reply === null) return "(nil)";
  if (typeof reply === "string") return reply;
  if (typeof reply === "boolean") return reply ? "(true)" : "(false)";
  if (reply instanceof ReplyError) return `(error) ${reply.message}`;
  if (reply instanceof VerbatimString) return reply.text;
  return reply instanceof NumberText ? `(${reply.type}) ${reply.text}` : `(integer) ${reply}`;
}

/** Whether a value takes several lines, and so begins on one of its own. */
function isMultiline(reply: Reply): boolean {
  const aggregate = aggregateOf(reply);
  if (aggregate === null) return false;
  const { type, values } = aggregate;
  const last = type === "map" ? 2 : 1;
  return values.length === last ? isMultiline(values[last - 1] ?? null) : values.length > last;
}
