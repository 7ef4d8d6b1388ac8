/**
 * Loading a dump with two threads: one reads and prepares it (`plain-dump.ts`), this one takes what is prepared, and reads the rest itself
 * when told to: at the end of the dump, and from anything unusual on.
 *
 *     thread   file -> checksum -> decompress, check -> piece | piece | piece ...     some pieces ahead
 *     here                                              piece -> copy, hash, insert
 */
import { availableParallelism } from "node:os";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { RdbError } from "../rdb-format.ts";
import type { PreparedPart } from "../rdb-reader.ts";
import { int32At } from "../crc64.ts";
import { startThread } from "../threads.ts";
import {
  type AheadPlan,
  createRing,
  factsOf,
  FROM,
  LENGTH,
  REST,
  RING_PIECES,
  SENT,
  STOPPED,
  TAKEN,
  TO,
} from "./ahead-state.ts";

/** A smaller file is loaded before a thread has begun. */
const SMALLEST_FILE_BYTES = 8 * 1024 * 1024;
/** How long the next piece is waited for, before others get their turn. */
const PATIENCE_MS = 4;

/** Whether a second thread makes the load of so many bytes faster. */
export function isWorthAThread(fileBytes: number): boolean {
  return fileBytes >= SMALLEST_FILE_BYTES && availableParallelism() > 1;
}

export class RdbAhead {
  /** How much of the dump went into what was taken. */
  consumedBytes = 0;
  /** The thread reads no more: the rest was taken, or it has ended. */
  isOver = false;
  readonly #port: MessagePort;
  readonly #ring = createRing();
  readonly #ended: Promise<void>;
  #failure: Error | null = null;
  /** Pieces that were given out; all but the last are done with. */
  #given = 0;
  #pieceTo = 0;
  #plainFrom = 0;
  #plainTo = 0;

  constructor(plan: Omit<AheadPlan, "ring">) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const worker = startThread("ahead/ahead-worker.js", {
      workerData: { plan: { ...plan, ring: this.#ring }, port: port2 },
      transferList: [port2],
      name: "load",
    });
    port1.unref();
    worker.unref();
    worker.on("error", (error: Error) => {
      this.#failure = error;
    });
    this.#ended = new Promise((resolve) => {
      worker.once("exit", () => {
        this.isOver = true;
        resolve();
      });
    });
  }

  /** The next part, good until the next call; null: it is not there yet. @throws what has ended the thread in the middle */
  next(): PreparedPart | null {
    const { state } = this.#ring;
    if (Atomics.load(state, TAKEN) < this.#given) this.#setTaken(this.#given);
    if (Atomics.load(state, SENT) === this.#given) {
      if (this.#failure !== null) return this.#goWithout(this.#failure);
      Atomics.wait(state, SENT, this.#given, PATIENCE_MS);
      if (Atomics.load(state, SENT) === this.#given) return null;
    }
    return this.#take(this.#given++);
  }

  /** A thread that could not begin (it needs descriptors and memory) has changed nothing: all of the dump is the rest. */
  #goWithout(failure: Error): PreparedPart {
    if (this.#given > 0) throw failure;
    this.isOver = true;
    return { kind: "rest", offset: 0, crcLow: 0, crcHigh: 0 };
  }

  #take(piece: number): PreparedPart {
    const { arrays, facts } = this.#ring;
    const at = factsOf(piece);
    const length = facts[at + LENGTH];
    const bytes = arrays[piece % RING_PIECES];
    this.consumedBytes = facts[at + FROM];
    if (length === REST) {
      this.isOver = true;
      return { kind: "rest", offset: this.consumedBytes, crcLow: int32At(bytes, 0), crcHigh: int32At(bytes, 4) };
    }
    this.#pieceTo = facts[at + TO];
    this.#plainFrom = this.#plainTo;
    this.#plainTo += length;
    if (length <= bytes.length) return { kind: "piece", bytes, length };
    return { kind: "piece", bytes: receiveMessageOnPort(this.#port)?.message as Uint8Array, length };
  }

  #setTaken(count: number): void {
    Atomics.store(this.#ring.state, TAKEN, count);
    Atomics.notify(this.#ring.state, TAKEN);
  }

  /** The error of a reader of pieces, with an offset in the dump instead: that of its piece where it cannot be told better. */
  placed(error: RdbError): RdbError {
    const offset = Math.min(this.consumedBytes + Math.max(0, error.offset - this.#plainFrom), this.#pieceTo);
    return new RdbError(error.kind, error.reason, offset);
  }

  /** Ends the thread. Resolves when it reads no more. */
  stop(): Promise<void> {
    Atomics.store(this.#ring.state, STOPPED, 1);
    this.#setTaken(this.#given + RING_PIECES);
    this.#port.close();
    return this.isOver ? Promise.resolve() : this.#ended;
  }
}
