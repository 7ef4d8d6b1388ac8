/**
 * What a session is told of keys that it may have copies of: a push in RESP3, a message of the channel __redis__:invalidate in RESP2.
 *
 *   >2 invalidate *1 key          *3 message __redis__:invalidate *1 key          null in place of the keys: all of them
 */
import { PROTOCOL_BYTES } from "@sider/resp-protocol";
import type { CommandBuffer } from "../propagation/command-buffer.ts";
import type { PushEncoder } from "../pubsub/pushes.ts";

const { GREATER } = PROTOCOL_BYTES;
const CHANNEL = "__redis__:invalidate";
const NULL_2 = ascii("$-1\r\n");
const NULL_3 = ascii("_\r\n");

export class Invalidation implements PushEncoder {
  /** Latin-1. */
  private names: readonly string[] = [];
  private nullBytes: Uint8Array | null = null;

  /** Makes it say that these keys have changed. */
  ofKeys(names: readonly string[]): this {
    this.names = names;
    this.nullBytes = null;
    return this;
  }

  /** Makes it say that all keys have; the null is that of the protocol of the session that tracks, whoever is told. */
  ofAll(protocol: 2 | 3): this {
    this.nullBytes = protocol === 2 ? NULL_2 : NULL_3;
    return this;
  }

  encode(buffer: CommandBuffer, protocol: 2 | 3): void {
    if (protocol === 3) {
      buffer.header(2, GREATER);
      buffer.text("invalidate");
    } else {
      buffer.header(3);
      buffer.text("message");
      buffer.text(CHANNEL);
    }
    if (this.nullBytes !== null) return buffer.raw(this.nullBytes);
    buffer.header(this.names.length);
    for (const name of this.names) buffer.text(name);
  }
}

/** Tells a session that the one that it redirects to is gone. RESP3 only. */
export class BrokenRedirection implements PushEncoder {
  private id = 0;

  to(id: number): this {
    this.id = id;
    return this;
  }

  encode(buffer: CommandBuffer): void {
    buffer.header(2, GREATER);
    buffer.text("tracking-redir-broken");
    buffer.raw(ascii(`:${String(this.id)}\r\n`));
  }
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
