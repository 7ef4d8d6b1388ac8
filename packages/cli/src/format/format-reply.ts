/** One reply in the format that was asked for. */
import type { Reply } from "@sider/resp-protocol/client";
import { printCsv } from "./csv.ts";
import { printJson } from "./json.ts";
import type { Printer } from "./printer.ts";
import { printRaw } from "./raw.ts";
import { printStandard, type ReplyStyle } from "./standard.ts";

/** `standard` names types and numbers elements; `raw` is values alone. */
export type OutputFormat = "standard" | "raw" | "csv" | "json" | "quoted-json";

export interface ReplyFormat {
  format: OutputFormat;
  /** Between the elements of a raw reply. Binary text. */
  elementDelimiter: string;
  /** After each raw reply. Binary text. */
  replyDelimiter: string;
}

/** Prints a reply with what ends it. A style is for the standard format only. */
export function printReply(printer: Printer, reply: Reply, how: ReplyFormat, style?: ReplyStyle): void {
  switch (how.format) {
    case "standard":
      printStandard(printer, reply, style);
      break;
    case "raw":
      printRaw(printer, reply, how.elementDelimiter);
      return printer.add(how.replyDelimiter);
    case "csv":
      printCsv(printer, reply);
      break;
    case "json":
    case "quoted-json":
      printJson(printer, reply, how.format === "quoted-json");
  }
  printer.add("\n");
}
