import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { Printer } from "../format/printer.ts";
import { printHelp, type HelpOptions } from "./help.ts";

function helpOf(topic: string, options?: HelpOptions): string {
  let text = "";
  const printer = new Printer((bytes) => (text += Buffer.from(bytes).toString()));
  printHelp(printer, topic.split(" ").filter(Boolean), options);
  printer.flush();
  return text;
}

test("one command, in detail", () => {
  expect(
    helpOf("strlen")
      .split("\n")
      .map((line) => line.split(":")[0]),
  ).toEqual(["", "  STRLEN key", "  summary", "  since", "  group", "  complexity", "  reply", "  acl", "", ""]);
  expect(helpOf("CONFIG GET")).toContain("  acl: @admin @slow @dangerous\n");
  expect(helpOf("psetex")).toContain("  deprecated: since 2.6.12, instead: `SET` with the `PX` argument\n");
});

test("a container with its subcommands, a group, nothing", () => {
  expect(helpOf("config").match(/^ {2}CONFIG.*/gm)?.[0]).toBe("  CONFIG");
  expect(helpOf("config")).toContain("  CONFIG GET parameter");
  expect(helpOf("config")).not.toContain("complexity");
  expect(helpOf("@hyperloglog").match(/^ {2}PF\w+/gm)).toContain("  PFADD");
  expect(helpOf("@nosuch")).toBe("No help for '@nosuch'\n\n");
  expect(helpOf("")).toContain("help @<group>");
});

test("colours and line breaks for a terminal", () => {
  const lines = helpOf("set", { columns: 40 }).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(lines.join(" ").replace(/\s+/g, " ")).toContain("EXAT unix-time-seconds | PXAT unix-time-milliseconds");
  expect(helpOf("set", { hasColor: true })).toContain("\x1b[33msince:\x1b[m 1.0.0");
  expect(helpOf("set")).not.toContain("\x1b");
});
