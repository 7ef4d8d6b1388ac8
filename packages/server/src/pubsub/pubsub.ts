/**
 * Who listens to which channel, pattern and shard channel, and the way of a message to them.
 *
 *   channels, patterns, shardChannels:   name -> Channel -> sessions
 *   session.subscriptions                Channel ...                     null while it has never had any
 */
import { matchGlob } from "@sider/keyspace-engine";
import type { Slice } from "@sider/keyspace-engine";
import { PROTOCOL_BYTES } from "@sider/resp-protocol";
import type { CommandBuffer } from "../propagation/command-buffer.ts";
import type { Server } from "../server.ts";
import { GATE_SUBSCRIBED } from "../session/session.ts";
import type { Session } from "../session/session.ts";
import { Channels } from "./channels.ts";
import type { Channel } from "./channels.ts";
import type { PushEncoder, Pushes } from "./pushes.ts";

/** What one session listens to, in the order of its commands. */
export class Subscriptions {
  readonly channels = new Set<Channel>();
  readonly patterns = new Set<Channel>();
  readonly shardChannels = new Set<Channel>();

  get count(): number {
    return this.channels.size + this.patterns.size + this.shardChannels.size;
  }
}

/** The three tables, by the name that they and the sets of a session have. */
export type SubscriptionKind = "channels" | "patterns" | "shardChannels";
const KINDS: readonly SubscriptionKind[] = ["shardChannels", "channels", "patterns"];

export class PubSub implements PushEncoder {
  readonly channels: Channels;
  readonly patterns: Channels;
  readonly shardChannels: Channels;
  private readonly pushes: Pushes;
  /** The message that is being sent. */
  private word = "";
  private pattern: Channel | null = null;
  private channel: Slice | null = null;
  private message: Slice | null = null;

  constructor(server: Server) {
    this.pushes = server.pushes;
    this.channels = new Channels(server.keyspace);
    this.patterns = new Channels(server.keyspace);
    this.shardChannels = new Channels(server.keyspace);
  }

  /** Lets a session listen to a channel or pattern; once more is once. */
  subscribe(session: Session, kind: SubscriptionKind, { bytes, offset, length }: Slice): void {
    const subscriptions = (session.subscriptions ??= new Subscriptions());
    subscriptions[kind].add(this[kind].join(session, bytes, offset, length));
    session.gates |= GATE_SUBSCRIBED;
  }

  /** The session listens no more to what it calls so, if it did. */
  unsubscribe(session: Session, kind: SubscriptionKind, { bytes, offset, length }: Slice): void {
    const channel = this[kind].find(bytes, offset, length);
    if (channel !== null) this.leave(session, kind, channel);
  }

  /** Ends one subscription. */
  leave(session: Session, kind: SubscriptionKind, channel: Channel): void {
    const { subscriptions } = session;
    if (subscriptions === null || !subscriptions[kind].delete(channel)) return;
    this[kind].leave(session, channel);
    if (subscriptions.count === 0) session.gates &= ~GATE_SUBSCRIBED;
  }

  /** Ends all subscriptions of a session. O(subscriptions). */
  leaveAll(session: Session): void {
    const { subscriptions } = session;
    if (subscriptions === null || subscriptions.count === 0) return;
    for (const kind of KINDS) for (const channel of subscriptions[kind]) this.leave(session, kind, channel);
  }

  /** Whether anybody listens to anything but shard channels. */
  get hasListeners(): boolean {
    return this.channels.size > 0 || this.patterns.size > 0;
  }

  /** Sends a message to those who listen to the channel or to a pattern that matches it. Gives how many deliveries that are. */
  publish(channel: Slice, message: Slice): number {
    const own = this.channels.find(channel.bytes, channel.offset, channel.length);
    let receivers = own === null ? 0 : this.deliver("message", null, own, channel, message);
    if (this.patterns.size === 0) return receivers;
    for (const pattern of this.patterns.all) {
      if (matches(pattern.name, channel)) receivers += this.deliver("pmessage", pattern, pattern, channel, message);
    }
    return receivers;
  }

  /** As `publish`, to those who listen to the shard channel. */
  publishToShard(channel: Slice, message: Slice): number {
    const own = this.shardChannels.find(channel.bytes, channel.offset, channel.length);
    return own === null ? 0 : this.deliver("smessage", null, own, channel, message);
  }

  private deliver(word: string, pattern: Channel | null, to: Channel, channel: Slice, message: Slice): number {
    const { pushes } = this;
    this.word = word;
    this.pattern = pattern;
    this.channel = channel;
    this.message = message;
    const receivers = to.sessions.size;
    pushes.begin(this);
    for (const session of to.sessions) pushes.send(session);
    return receivers;
  }

  encode(buffer: CommandBuffer, protocol: 2 | 3): void {
    const { word, pattern, channel, message } = this;
    if (channel === null || message === null) return;
    const count = pattern === null ? 3 : 4;
    if (protocol === 2) buffer.header(count);
    else buffer.header(count, PROTOCOL_BYTES.GREATER);
    buffer.text(word);
    if (pattern !== null) buffer.word(pattern.name, 0, pattern.name.length);
    buffer.word(channel.bytes, channel.offset, channel.length);
    buffer.word(message.bytes, message.offset, message.length);
  }
}

/** Whether a pattern matches a name. */
export function matches(pattern: Uint8Array, { bytes, offset, length }: Slice): boolean {
  return matchGlob(pattern, 0, pattern.length, bytes, offset, length, false);
}
