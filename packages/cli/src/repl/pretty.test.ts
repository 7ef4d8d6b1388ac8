import { Elements, type Reply } from "@sider/resp-protocol/client";
import { expect, test } from "vitest";
import { printStandard } from "../format/standard.ts";
import { Printer } from "../format/printer.ts";
import { prettyReply } from "./pretty.ts";

const bulk = (text: string): Reply => Buffer.from(text);

function shown(command: string, reply: Reply): string {
  let text = "";
  const printer = new Printer((bytes) => (text += Buffer.from(bytes).toString("latin1")));
  printStandard(printer, prettyReply(command.split(" "), reply), { paint: () => ["", ""], isAligned: true });
  printer.flush();
  return text;
}

const PAIRS = ["name", "Ada", "occupation", "poet"].map(bulk);
const AS_MAP = '1# "name"       => "Ada"\n2# "occupation" => "poet"';

test.each(["hgetall k", "HGETALL k", "config get *", "zrange k 0 -1 withscores", "hrandfield k 2 withvalues"])(
  "%s: names and values",
  (command) => {
    expect(shown(command, PAIRS)).toBe(AS_MAP);
  },
);

test.each(["lrange k 0 -1", "hkeys k", "zrange k 0 -1", "mget a b withscores", "get k"])("%s: as it is", (command) => {
  expect(prettyReply(command.split(" "), PAIRS)).toBe(PAIRS);
});

test("entries of streams by their ids", () => {
  const entries = [
    [bulk("1-0"), [bulk("rider"), bulk("ada"), bulk("speed"), bulk("30")]],
    [bulk("2-0"), null],
  ];
  const byId = '1# "1-0" => \n   1# "rider" => "ada"\n   2# "speed" => "30"\n2# "2-0" => (nil)';
  expect(shown("xrange s - +", entries)).toBe(byId);
  expect(shown("XREVRANGE s + -", entries)).toBe(byId);
  const byName = `1# "s" => \n   ${byId.replaceAll("\n", "\n   ")}`;
  expect(shown("xread streams s 0", [[bulk("s"), entries]])).toBe(byName);
  expect(shown("xread streams s 0", new Elements("map", [bulk("s"), entries]))).toBe(byName);
});

test.each<[string, Reply]>([
  ["hgetall k", []],
  ["hgetall k", [bulk("odd")]],
  ["hgetall k", [1, 2]],
  ["xrange s - +", [bulk("1-0")]],
  ["xclaim s g c 0 1-0 justid", [bulk("1-0"), bulk("2-0")]],
  ["hgetall k", bulk("text")],
  ["exec", [PAIRS]],
])("%s with %j stays as it is", (command, reply) => {
  expect(prettyReply(command.split(" "), reply)).toEqual(reply);
});

test("what is known of a stream", () => {
  const reply = [bulk("length"), 1, bulk("first-entry"), [bulk("1-0"), [bulk("rider"), bulk("ada")]]];
  expect(shown("xinfo stream s", reply)).toContain('"rider" => "ada"');
});
