/**
 * Names, and who listens to each: a table by the bytes of the names, and all of them in the order in which they came. A name is there
 * while somebody listens. A lookup allocates nothing.
 */
import type { Keyspace } from "@sider/keyspace-engine";
import { link, unlink } from "../session/hash-chains.ts";
import type { Session } from "../session/session.ts";

/** A channel, a pattern or a shard channel. */
export class Channel {
  readonly name: Uint8Array;
  readonly sessions = new Set<Session>();
  /** Which table it is in. */
  readonly owner: Channels;
  readonly hash: number;
  /** Next one of the same hash. */
  sameHash: Channel | null = null;

  constructor(owner: Channels, name: Uint8Array, hash: number) {
    this.owner = owner;
    this.name = name;
    this.hash = hash;
  }
}

export class Channels {
  readonly all = new Set<Channel>();
  private readonly keyspace: Keyspace;
  private readonly byHash = new Map<number, Channel>();

  /** The keyspace lends its hash, which nobody can foresee. */
  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  /** Names that somebody listens to. */
  get size(): number {
    return this.all.size;
  }

  /** The channel of this name, or null when nobody listens. O(length). */
  find(bytes: Uint8Array, offset: number, length: number): Channel | null {
    if (this.all.size === 0) return null;
    let channel = this.byHash.get(this.keyspace.hash(bytes, offset, length)) ?? null;
    while (channel !== null && !hasName(channel, bytes, offset, length)) channel = channel.sameHash;
    return channel;
  }

  /** Lets a session listen; gives the channel, which is new when it was the first. The name is copied. */
  join(session: Session, bytes: Uint8Array, offset: number, length: number): Channel {
    const channel = this.find(bytes, offset, length) ?? this.open(bytes.slice(offset, offset + length));
    channel.sessions.add(session);
    return channel;
  }

  /** A session listens no more. */
  leave(session: Session, channel: Channel): void {
    channel.sessions.delete(session);
    if (channel.sessions.size === 0) this.close(channel);
  }

  private open(name: Uint8Array): Channel {
    const channel = new Channel(this, name, this.keyspace.hash(name, 0, name.length));
    link(this.byHash, channel.hash, channel);
    this.all.add(channel);
    return channel;
  }

  private close(channel: Channel): void {
    this.all.delete(channel);
    unlink(this.byHash, channel.hash, channel);
  }
}

function hasName({ name }: Channel, bytes: Uint8Array, offset: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let at = 0; at < length; at++) if (name[at] !== bytes[offset + at]) return false;
  return true;
}
