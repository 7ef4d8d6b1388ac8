/** The bytes of a connection that a mode has to itself, no faster than the reader of our output takes what comes of them. */
import type { Socket } from "node:net";
import type { ConnectionError } from "../client/connection-error.ts";
import type { ModeContext } from "../modes/mode-context.ts";

export interface ByteConsumer {
  /** Bytes that are valid during the call only. What it throws is a failure, and there are no more bytes. */
  feed(bytes: Uint8Array): void;
  onFailure(error: Error): void;
  onEnd(error: ConnectionError): void;
}

/** Takes the session's connection over. Gives the socket, to write to. */
export function receiveBytes({ session, process }: ModeContext, consumer: ByteConsumer): Socket {
  const socket = session.takeOver({
    onBytes(bytes, length) {
      try {
        consumer.feed(bytes.subarray(0, length));
      } catch (error) {
        consumer.onFailure(error as Error);
        return false;
      }
      if (!process.stdout.writableNeedDrain) return true;
      process.stdout.once("drain", () => socket.resume());
      return false;
    },
    onEnd: (error) => consumer.onEnd(error),
  });
  return socket;
}
