import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPastStream, SHORT_WRITE_BYTES, shortWriterFor, WRITE_DONE, WRITE_FAILED } from "./stream-handle.ts";
import type { ShortWriteOwner, ShortWriter, StreamHandle } from "./stream-handle.ts";

let ours: Socket;
let peer: Socket;
let handle: StreamHandle;
let writer: ShortWriter;

beforeEach(async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  peer = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
  [ours] = (await once(server, "connection")) as [Socket];
  ours.on("error", () => undefined);
  peer.on("error", () => undefined);
  server.close();
  handle = (ours as unknown as { _handle: StreamHandle })._handle;
  const found = shortWriterFor(handle);
  if (found === null) throw new Error("Node has other handles");
  writer = found;
});

afterEach(() => {
  ours.destroy();
  peer.destroy();
});

class Owner implements ShortWriteOwner {
  readonly ends: [number, number][] = [];
  onEnd: () => void = () => undefined;

  shortWriteEnded(byteLength: number, status: number): void {
    this.ends.push([byteLength, status]);
    this.onEnd();
  }
}

/** A reply that differs from those before and behind it. */
function reply(number: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (number * 31 + index * 7) & 0xff);
}

/** Writes until the kernel takes no more; gives what was written. */
function fill(owner: Owner): Uint8Array[] {
  const written: Uint8Array[] = [];
  for (let result = WRITE_DONE; result === WRITE_DONE;) {
    const bytes = reply(written.length, SHORT_WRITE_BYTES - (written.length % 7));
    written.push(bytes);
    result = writer.write(handle, owner, bytes, 0, bytes.length);
    expect(result).not.toBe(WRITE_FAILED);
  }
  return written;
}

test("short writes of all lengths arrive as they are, from wherever their bytes stand", async () => {
  const owner = new Owner();
  const expected: Uint8Array[] = [];
  for (let length = 1; length <= SHORT_WRITE_BYTES; length++) {
    const bytes = reply(length, length + 3);
    expect(writer.write(handle, owner, bytes, 3, length)).toBe(WRITE_DONE);
    expected.push(bytes.subarray(3));
  }
  ours.end();
  expect(Buffer.concat(await peer.toArray()).equals(Buffer.concat(expected))).toBe(true);
  expect(owner.ends).toEqual([]);
});

test("what the kernel does not take is sent later, whatever is written meanwhile to others", async () => {
  const owner = new Owner();
  const written = fill(owner);
  const last = written.at(-1)?.length;
  const elsewhere: StreamHandle = { writeBuffer: () => 0 };
  for (let number = 0; number < 3; number++) {
    writer.write(elsewhere, owner, reply(number, SHORT_WRITE_BYTES), 0, SHORT_WRITE_BYTES);
  }
  const ended = new Promise<void>((resolve) => (owner.onEnd = resolve));
  expect(owner.ends).toEqual([]);
  const arrived = peer.toArray();
  await ended;
  expect(owner.ends).toEqual([[last, 0]]);
  ours.end();
  expect(Buffer.concat(await arrived).equals(Buffer.concat(written))).toBe(true);
});

test("who waits is told when the connection is gone", async () => {
  const owner = new Owner();
  const last = fill(owner).at(-1)?.length;
  const ended = new Promise<void>((resolve) => (owner.onEnd = resolve));
  ours.destroy();
  await ended;
  expect(owner.ends).toEqual([[last, expect.any(Number)]]);
  expect(owner.ends[0][1]).toBeLessThan(0);
});

test("a handle that is closed refuses, also when its descriptor is another file's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sider-handle-"));
  const descriptor = handle.fd ?? -1;
  const opened: number[] = [];
  const closed = once(ours, "close");
  ours.destroy();
  const write = (): number => writer.write(handle, new Owner(), reply(1, 9), 0, 9);
  expect(write()).toBe(WRITE_FAILED);
  await closed;
  while (!opened.includes(descriptor) && opened.length < 200) {
    opened.push(openSync(join(folder, String(opened.length)), "w"));
  }
  expect(opened).toContain(descriptor);
  expect(write()).toBe(WRITE_FAILED);
  expect(readFileSync(join(folder, String(opened.length - 1)), "utf8")).toBe("");
  opened.forEach(closeSync);
  rmSync(folder, { recursive: true });
});

describe("reading past the stream", () => {
  test("tells of data only; the end still comes by the stream", async () => {
    const counts: number[] = [];
    readPastStream(handle, (byteCount) => counts.push(byteCount));
    ours.on("data", () => expect.fail("the stream was told"));
    const ended = once(ours, "end");
    peer.end("twelve bytes");
    await ended;
    expect(counts.reduce((sum, count) => sum + count)).toBe(12);
  });

  test("leaves a handle of another kind alone", () => {
    const other: StreamHandle = {};
    readPastStream(other, () => undefined);
    expect(other).toEqual({});
    expect(shortWriterFor(other)).toBe(null);
  });
});
