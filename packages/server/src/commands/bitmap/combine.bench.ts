import { Slice } from "@sider/keyspace-engine";
import { bench, describe } from "vitest";
import { andBytes, xorBytes } from "./combine.ts";

const LENGTH_BYTES = 16 * 1024;
const target = new Slice().set(new Uint8Array(LENGTH_BYTES).fill(0x5a), 0, LENGTH_BYTES);
const aligned = new Slice().set(new Uint8Array(LENGTH_BYTES).fill(0x3c), 0, LENGTH_BYTES);
const unaligned = new Slice().set(new Uint8Array(LENGTH_BYTES + 1).fill(0x3c), 1, LENGTH_BYTES);
const options = { time: 100, warmupTime: 20 };

describe("16 KiB", () => {
  bench("AND, word by word", () => andBytes(target, aligned), options);
  bench("XOR, word by word", () => xorBytes(target, aligned), options);
  bench("XOR, byte by byte", () => xorBytes(target, unaligned), options);
});
