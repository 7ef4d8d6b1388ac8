/** CRC64 and LZF in MB/s (one iteration is 1 MB), writer and reader in entries (one iteration is 10,000). */
import { bench, describe } from "vitest";
import { Crc64 } from "./crc64.ts";
import { dumpPayload } from "./dump-payload.ts";
import { LzfCompressor, lzfDecompress } from "@sider/datastructures";
import type { RdbHandler } from "./rdb-handler.ts";
import { RdbReader } from "./rdb-reader.ts";
import { RdbWriter, type RdbWriterOptions } from "./rdb-writer.ts";
import { bytesOf, written } from "./testing/dumps.ts";

const options = { time: 300, warmupTime: 100 };
const MEGABYTE = 1_000_000;
const ENTRIES = 10_000;

const noise = Uint8Array.from({ length: MEGABYTE }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 15);
const json = bytesOf(
  Array.from(
    { length: 12_000 },
    (_, at) => `{"id":${String(at)},"name":"user ${String((at * 7919) % 1000)}","city":"Oslo"},`,
  )
    .join("")
    .padEnd(MEGABYTE, " ")
    .slice(0, MEGABYTE),
);

describe("1 MB", () => {
  const crc = new Crc64();
  const compressor = new LzfCompressor();
  const block = new Uint8Array(2 * MEGABYTE);
  const restored = new Uint8Array(MEGABYTE);
  const blockLength = compressor.compress(json, 0, MEGABYTE, block, block.length);
  const scratch = new Uint8Array(2 * MEGABYTE);
  bench(
    "crc64",
    () => {
      crc.update(noise, 0, MEGABYTE);
    },
    options,
  );
  bench(
    "lzf compress json",
    () => {
      compressor.compress(json, 0, MEGABYTE, scratch, MEGABYTE);
    },
    options,
  );
  bench(
    "lzf compress noise",
    () => {
      compressor.compress(noise, 0, MEGABYTE, scratch, MEGABYTE);
    },
    options,
  );
  bench(
    "lzf decompress json",
    () => {
      lzfDecompress(block, 0, blockLength, restored, MEGABYTE);
    },
    options,
  );
});

describe("10,000 entries", () => {
  const keys = Array.from({ length: ENTRIES }, (_, at) => bytesOf(`key:${String(at).padStart(12, "0")}`));
  const write = (writer: RdbWriter, values: Uint8Array, valueLength: number): void => {
    writer.header();
    for (let at = 0; at < ENTRIES; at++) {
      const key = keys[at];
      writer.entry(key, 0, key.length, values, at % 900_000, valueLength, at % 2 === 0 ? -1 : 1_700_000_000_000);
    }
    writer.finish();
  };
  const writing = (name: string, values: Uint8Array, valueLength: number, given: RdbWriterOptions): void => {
    bench(
      name,
      () => {
        write(new RdbWriter(() => {}, given), values, valueLength);
      },
      options,
    );
  };
  const handler: RdbHandler = {
    onAux() {},
    onSelectDatabase() {},
    onResizeDatabase() {},
    onString() {},
    onSkipped() {},
  };
  const reading = (name: string, values: Uint8Array, valueLength: number): void => {
    const dump = written((writer) => {
      write(writer, values, valueLength);
    });
    bench(
      name,
      () => {
        new RdbReader(handler).feed(dump, 0, dump.length);
      },
      options,
    );
  };
  writing("write, 16-byte values", noise, 16, {});
  writing("write, 16-byte values, no checksum", noise, 16, { checksum: false });
  writing("write, 100-byte json", json, 100, {});
  writing("write, 100-byte json, no compression", json, 100, { compression: false });
  reading("read, 16-byte values", noise, 16);
  reading("read, 100-byte json", json, 100);
  bench(
    "DUMP, 16-byte values",
    () => {
      for (let at = 0; at < ENTRIES; at++) dumpPayload(noise, at, 16);
    },
    options,
  );
});
