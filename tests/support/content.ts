/**
 * All keys with their whole values, told by commands that every version answers alike: for comparing a server with another one
 * that has read its files.
 */
import { createHash } from "node:crypto";

import { RawConnection } from "./connection.ts";
import { readFrame, type Reply } from "./reply-frames.ts";

/** Longer values are shown by their beginning and their hash. */
const shownCharacters = 200;

type Call = (...command: string[]) => Promise<Reply>;

/** "database key" to type, expiry in Unix milliseconds and value. */
export async function contentOf(port: number, databases = 16): Promise<Record<string, string>> {
  const connection = await RawConnection.open(port);
  const call: Call = async (...command) => {
    const frame = readFrame(await connection.call(...command), 0);
    if (frame === null || frame.reply.type === "-") throw new Error(`${command.join(" ")}: ${frame?.reply.text ?? ""}`);
    return frame.reply;
  };
  const content: Record<string, string> = {};
  for (let database = 0; database < databases; database++) {
    await call("SELECT", String(database));
    for (const key of ((await call("KEYS", "*")).items ?? []).map((item) => item.text).sort()) {
      const type = (await call("TYPE", key)).text;
      const expiry = (await call("PEXPIRETIME", key)).text;
      content[`${database} ${key}`] = `${type} ${expiry} ${shortened(await valueOf(call, type, key))}`;
    }
  }
  connection.close();
  return content;
}

async function valueOf(call: Call, type: string, key: string): Promise<string> {
  if (type === "string") return (await call("GET", key)).text;
  if (type === "list") return flat(await call("LRANGE", key, "0", "-1"));
  if (type === "set") return sortedBy(1, await call("SMEMBERS", key));
  if (type === "hash") return sortedBy(2, await call("HGETALL", key));
  if (type === "zset") return withNumbers(await call("ZRANGE", key, "0", "-1", "WITHSCORES"));
  return streamOf(call, key);
}

/** Entries, ids and counters, groups with their consumers, and what is pending without how long. */
async function streamOf(call: Call, key: string): Promise<string> {
  const parts = [flat(await call("XRANGE", key, "-", "+"))];
  const facts = fields(await call("XINFO", "STREAM", key));
  for (const name of ["last-generated-id", "max-deleted-entry-id", "entries-added"]) parts.push(facts.get(name) ?? "");
  for (const group of (await call("XINFO", "GROUPS", key)).items ?? []) {
    parts.push(flat(group));
    const name = fields(group).get("name") ?? "";
    for (const consumer of (await call("XINFO", "CONSUMERS", key, name)).items ?? []) {
      parts.push(fields(consumer).get("name") ?? "", fields(consumer).get("pending") ?? "");
    }
    const pending = (await call("XPENDING", key, name, "-", "+", "10000")).items ?? [];
    parts.push(...pending.map(({ items }) => [0, 1, 3].map((at) => items?.[at]?.text).join(" ")));
  }
  return parts.join("\n");
}

function fields(reply: Reply): Map<string, string> {
  const items = reply.items ?? [];
  return new Map(items.flatMap((item, at) => (at % 2 === 0 ? [[item.text, items[at + 1]?.text ?? ""]] : [])));
}

function flat(reply: Reply): string {
  return reply.items === null ? JSON.stringify(reply.text) : reply.items.map(flat).join(" ");
}

function sortedBy(perElement: number, { items }: Reply): string {
  const texts = (items ?? []).map(flat);
  return texts
    .flatMap((_, at) => (at % perElement === 0 ? [texts.slice(at, at + perElement).join(" ")] : []))
    .sort()
    .join(" ");
}

/** Scores as numbers: 7.2 prints fewer digits than 7.0. */
function withNumbers({ items }: Reply): string {
  return (items ?? []).map((item, at) => (at % 2 === 0 ? flat(item) : scoreText(item.text))).join(" ");
}

function scoreText(score: string): string {
  return score.endsWith("inf") ? score : String(Number(score));
}

function shortened(value: string): string {
  if (value.length <= shownCharacters) return value;
  return `${value.slice(0, shownCharacters)}... ${value.length} ${createHash("sha1").update(value, "latin1").digest("hex")}`;
}
