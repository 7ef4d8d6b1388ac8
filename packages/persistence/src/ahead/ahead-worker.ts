/** The thread that prepares a dump, ahead of the one that loads it. `rdb-ahead.ts` starts it. What it cannot read the other one will try. */
import { type MessagePort, workerData } from "node:worker_threads";
import { storeInt32 } from "../crc64.ts";
import { nodeFileSystem } from "../file-system.ts";
import { RdbInput } from "../rdb-input.ts";
import {
  type AheadPlan,
  factsOf,
  FROM,
  LENGTH,
  PIECE_BYTES,
  REST,
  RING_PIECES,
  SENT,
  STOPPED,
  TAKEN,
  TO,
} from "./ahead-state.ts";
import { PlainDump } from "./plain-dump.ts";

const { plan, port } = workerData as { plan: AheadPlan; port: MessagePort };
const { arrays, facts, state } = plan.ring;
const input = new RdbInput(plan.chunkBytes, plan.checksum, plan.maxStringBytes);
let sent = 0;

function isStopped(): boolean {
  return Atomics.load(state, STOPPED) !== 0;
}

/** The array of the next piece, once nobody reads in it. */
function nextArray(): Uint8Array {
  for (let taken = Atomics.load(state, TAKEN); sent - taken >= RING_PIECES; taken = Atomics.load(state, TAKEN)) {
    if (isStopped()) break;
    Atomics.wait(state, TAKEN, taken);
  }
  return arrays[sent % RING_PIECES];
}

function send(length: number, from: number, to: number): void {
  const at = factsOf(sent);
  facts[at + LENGTH] = length;
  facts[at + FROM] = from;
  facts[at + TO] = to;
  Atomics.store(state, SENT, ++sent);
  Atomics.notify(state, SENT);
}

function sendPiece(bytes: Uint8Array, length: number, from: number, to: number): Uint8Array {
  if (bytes !== arrays[sent % RING_PIECES]) port.postMessage(bytes);
  send(length, from, to);
  return nextArray();
}

/** Bytes that were read; 0 at the end, and where they cannot be read. */
function readMore(): number {
  input.makeRoom();
  try {
    const room = input.bytes.length - input.limit;
    return nodeFileSystem.read(plan.descriptor, input.bytes, input.limit, room, input.arrivedBytes);
  } catch {
    return 0;
  }
}

const dump = new PlainDump(input, { piece: sendPiece }, nextArray(), PIECE_BYTES);
while (!isStopped()) {
  dump.run();
  if (dump.isOver) break;
  dump.beforeMove();
  const count = readMore();
  dump.moved();
  if (count === 0) break;
  input.limit += count;
}
dump.flush();
input.countChecksum();
const rest = nextArray();
storeInt32(rest, 0, input.crc.low);
storeInt32(rest, 4, input.crc.high);
send(REST, input.offset, input.offset);
port.close();
