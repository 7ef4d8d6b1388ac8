/**
 * Prints the table of the README: nanoseconds per request parsed, per reply written and per reply decoded, the latter beside the npm packages
 * redis-parser and @redis/client (node-redis). Run it after a build: `node bench/table.mjs`. Each figure is the best of several rounds;
 * the decoders take turns within a round.
 */
import { createRequire } from "node:module";
import { Buffer } from "node:buffer";
import { createRequestLimits, ReplyParser, ReplyWriter, RequestBatch, RequestParser } from "../dist/index.js";

const require = createRequire(import.meta.url);
const RedisParser = require("redis-parser");
const clientPath = require.resolve("@redis/client");
const { Decoder } = require(clientPath.replace(/index\.js$/, "lib/RESP/decoder.js"));

const ROUNDS = Number(process.env.ROUNDS ?? 12);
const CHUNK_BYTES = 64 * 1024;
const HEADROOM_BYTES = 16 * 1024;
const STREAM_BYTES = 8 * 1024 * 1024;

const bulk = (text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const requestOf = (...args) => `*${args.length}\r\n` + args.map(bulk).join("");
const rows = [];
const wanted = (name) => name.includes(process.env.ONLY ?? "");

function streamOf(reply) {
  const bytes = Buffer.from(reply);
  const count = Math.max(1, Math.floor(STREAM_BYTES / bytes.length));
  return { stream: Buffer.concat(Array(count).fill(bytes)), count };
}

/** Nanoseconds of CPU per item, best of the rounds, for functions that take turns. */
function measure(count, ...runs) {
  const best = runs.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    runs.forEach((run, index) => {
      const before = process.cpuUsage();
      run();
      const used = process.cpuUsage(before);
      best[index] = Math.min(best[index], ((used.user + used.system) * 1000) / count);
    });
  }
  return best;
}

function requests(name, request) {
  if (!wanted(name)) return;
  const { stream, count } = streamOf(request);
  const buffer = new Uint8Array(HEADROOM_BYTES + CHUNK_BYTES);
  const batch = new RequestBatch();
  const [ns] = measure(count, () => {
    const parser = new RequestParser(createRequestLimits());
    let found = 0;
    for (let at = 0; at < stream.length; at += CHUNK_BYTES) {
      const end = Math.min(stream.length, at + CHUNK_BYTES);
      buffer.set(stream.subarray(at, end), HEADROOM_BYTES);
      parser.feed(buffer, HEADROOM_BYTES, HEADROOM_BYTES + end - at, HEADROOM_BYTES);
      for (let commands; (commands = parser.next(batch, 128)) > 0;) found += commands;
    }
    if (found !== count || parser.error !== null) throw new Error("requests were lost");
  });
  rows.push([name, ns]);
}

function writes(name, write) {
  if (!wanted(name)) return;
  const writer = new ReplyWriter({ write() {} });
  const count = 1_000_000;
  const [ns] = measure(count, () => {
    for (let index = 0; index < count; index++) write(writer, index);
  });
  rows.push([name, ns]);
}

function replies(name, reply) {
  if (!wanted(name)) return;
  const { stream, count } = streamOf(reply);
  const chunks = [];
  for (let at = 0; at < stream.length; at += CHUNK_BYTES) chunks.push(stream.subarray(at, at + CHUNK_BYTES));
  const plain = chunks.map((chunk) => new Uint8Array(chunk));
  let found = 0;
  const take = () => {
    found++;
  };
  const check = () => {
    if (found !== count) throw new Error(`${name}: ${found} of ${count} replies`);
    found = 0;
  };
  const runs = [
    () => {
      const parser = new ReplyParser({ onReply: take });
      for (const chunk of plain) parser.feed(chunk);
      check();
    },
    () => {
      const decoder = new Decoder({
        onReply: take,
        onErrorReply: take,
        onPush: take,
        getTypeMapping: () => NO_MAPPING,
      });
      for (const chunk of chunks) decoder.write(chunk);
      check();
    },
  ];
  const isResp2 = !/^[%~,#_(=]/m.test(reply);
  if (isResp2) {
    runs.push(() => {
      const parser = new RedisParser({ returnReply: take, returnError: take, returnFatalError: take });
      for (const chunk of chunks) parser.execute(chunk);
      check();
    });
  }
  rows.push([name, ...measure(count, ...runs)]);
}
const NO_MAPPING = {};

requests("SET, 16-byte key and value", requestOf("SET", "key:000000000123", "xxxxxxxxxxxxxxxx"));
requests("GET", requestOf("GET", "key:000000000123"));
requests("SET, 1 KiB value", requestOf("SET", "key:000000000123", "x".repeat(1024)));
requests("MSET of 10 pairs", requestOf("MSET", ...Array(20).fill("key:000000000123")));
requests("PING inline", "PING\r\n");
const value = new Uint8Array(2048).fill(120);
writes("+OK", (writer) => writer.ok());
writes("integer", (writer, index) => writer.integer(index));
writes("bulk of 16 bytes", (writer) => writer.bulk(value, 5, 16));
writes("bulk of 1 KiB", (writer) => writer.bulk(value, 5, 1024));
const own = rows.splice(0);
replies("+OK", "+OK\r\n");
replies("integer", ":123456\r\n");
replies("bulk, 16 bytes", bulk("xxxxxxxxxxxxxxxx"));
replies("bulk, 100 bytes", bulk("x".repeat(100)));
replies("bulk, 16 bytes, not ASCII", bulk("grün und übermüt"));
replies("bulk, 1 KiB", bulk("x".repeat(1024)));
replies("bulk, 100 KiB", bulk("x".repeat(100 * 1024)));
replies("array of 100 bulks", "*100\r\n" + bulk("element:00000001").repeat(100));
replies("array of 100 integers", "*100\r\n" + ":12345\r\n".repeat(100));
replies("RESP3 map of 5", "%5\r\n" + (bulk("field") + bulk("some value")).repeat(5));
replies("error", "-ERR unknown command 'FOO'\r\n");

const number = (ns) => (ns < 100 ? ns.toFixed(1) : ns.toFixed(0));
console.log("| server side | ns |\n|---|---|");
for (const [name, ns] of own) console.log(`| ${name} | ${number(ns)} |`);
console.log("\n| decoding a reply | ns | node-redis | redis-parser |\n|---|---|---|---|");
for (const [name, ns, ...others] of rows) {
  const cells = others.map((other) => `${number(other)} (${(other / ns).toFixed(1)}x)`);
  console.log(`| ${name} | ${number(ns)} | ${cells[0]} | ${cells[1] ?? ""} |`);
}
