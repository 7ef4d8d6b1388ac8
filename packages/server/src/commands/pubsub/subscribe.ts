/** SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE and their ends: one body each. Their replies are pushes, one for each name. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { speakAloud } from "../../pubsub/pushes.ts";
import type { SubscriptionKind } from "../../pubsub/pubsub.ts";

const WORDS = {
  channels: ["subscribe", "unsubscribe"],
  patterns: ["psubscribe", "punsubscribe"],
  shardChannels: ["ssubscribe", "sunsubscribe"],
} as const satisfies Record<SubscriptionKind, readonly [string, string]>;

/** SUBSCRIBE channel [channel ...] */
export function subscribe(context: CommandContext): void {
  join(context, "channels");
}

/** PSUBSCRIBE pattern [pattern ...] */
export function psubscribe(context: CommandContext): void {
  join(context, "patterns");
}

/** SSUBSCRIBE channel [channel ...]; not where a command must have one reply, as in EXEC (where Redis lets the others pass). */
export function ssubscribe(context: CommandContext): void {
  if (context.neverWaits) return context.refuse("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
  join(context, "shardChannels");
}

/** UNSUBSCRIBE [channel ...] */
export function unsubscribe(context: CommandContext): void {
  leave(context, "channels");
}

/** PUNSUBSCRIBE [pattern ...] */
export function punsubscribe(context: CommandContext): void {
  leave(context, "patterns");
}

/** SUNSUBSCRIBE [channel ...] */
export function sunsubscribe(context: CommandContext): void {
  leave(context, "shardChannels");
}

function join(context: CommandContext, kind: SubscriptionKind): void {
  const { server, session } = context;
  speakAloud(session, context.reply, () => {
    for (let index = 1; index < context.count; index++) {
      const name = context.value(index);
      server.pubsub.subscribe(session, kind, name);
      confirm(context, kind, WORDS[kind][0], name);
    }
  });
}

function leave(context: CommandContext, kind: SubscriptionKind): void {
  speakAloud(context.session, context.reply, () => {
    if (context.count === 1) return leaveAll(context, kind);
    for (let index = 1; index < context.count; index++) {
      const name = context.value(index);
      context.server.pubsub.unsubscribe(context.session, kind, name);
      confirm(context, kind, WORDS[kind][1], name);
    }
  });
}

/** All of them; who has none gets one push nevertheless, with a null for the name. */
function leaveAll(context: CommandContext, kind: SubscriptionKind): void {
  const { server, session } = context;
  const own = session.subscriptions?.[kind];
  if (own === undefined || own.size === 0) return confirm(context, kind, WORDS[kind][1], null);
  for (const channel of own) {
    server.pubsub.leave(session, kind, channel);
    confirm(context, kind, WORDS[kind][1], { bytes: channel.name, offset: 0, length: channel.name.length });
  }
}

type Name = Readonly<{ bytes: Uint8Array; offset: number; length: number }>;

function confirm(context: CommandContext, kind: SubscriptionKind, word: string, name: Name | null): void {
  const { reply } = context;
  reply.pushHeader(3);
  reply.bulkLatin1(word);
  if (name === null) reply.nullBulk();
  else reply.bulk(name.bytes, name.offset, name.length);
  reply.integer(countOf(context, kind));
}

/** Channels and patterns count together, shard channels for themselves. */
function countOf({ session: { subscriptions } }: CommandContext, kind: SubscriptionKind): number {
  if (subscriptions === null) return 0;
  const { channels, patterns, shardChannels } = subscriptions;
  return kind === "shardChannels" ? shardChannels.size : channels.size + patterns.size;
}
