/**
 * A dump as JSON: one line for each item, which is also the element of an array where one document is wanted. Text that is UTF-8 stands
 * as it is; other bytes are `{"base64":"..."}`. What is not there is left out; scores that JSON has no number for are "inf" and "-inf".
 *
 *     {"kind":"entry","database":0,"key":"visits","type":"string","encoding":"string","value":"42","expiresAtMs":1700000000000}
 */
import type { RdbItem, RdbStream } from "./rdb-items.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** An item as one line of JSON, without its end. */
export function rdbItemToJson(item: RdbItem): string {
  return JSON.stringify(jsonOf(item));
}

function jsonOf(item: RdbItem): Json {
  switch (item.kind) {
    case "entry":
      return {
        kind: item.kind,
        database: item.database,
        key: text(item.key),
        type: item.type,
        encoding: item.encoding,
        value: valueOf(item),
        ...(item.expiresAtMs === null ? {} : { expiresAtMs: item.expiresAtMs }),
        ...(item.idleSeconds === null ? {} : { idleSeconds: item.idleSeconds }),
        ...(item.frequency === null ? {} : { frequency: item.frequency }),
      };
    case "function":
      return { kind: item.kind, code: text(item.code) };
    default:
      return { ...item };
  }
}

function valueOf(entry: RdbItem & { readonly kind: "entry" }): Json {
  switch (entry.type) {
    case "string":
      return text(entry.value);
    case "list":
    case "set":
      return entry.value.map(text);
    case "hash":
      return entry.value.map(([field, value]) => [text(field), text(value)]);
    case "zset":
      return entry.value.map(([member, score]) => [text(member), scoreOf(score)]);
    case "stream":
      return streamOf(entry.value);
  }
}

function streamOf(stream: RdbStream): Json {
  return {
    ...stream,
    entries: stream.entries.map(({ id, fields }) => ({
      id,
      fields: fields.map(([field, value]) => [text(field), text(value)]),
    })),
    groups: stream.groups.map((group) => ({
      ...group,
      name: text(group.name),
      pending: group.pending.map((one) => ({ ...one })),
      consumers: group.consumers.map((one) => ({ ...one, name: text(one.name) })),
    })),
  };
}

function scoreOf(score: number): Json {
  if (Number.isFinite(score)) return score;
  return score > 0 ? "inf" : "-inf";
}

function text(bytes: Uint8Array): Json {
  try {
    return utf8.decode(bytes);
  } catch {
    return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64") };
  }
}
