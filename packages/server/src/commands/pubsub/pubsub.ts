/** PUBSUB: who listens to what. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongSubcommandArguments } from "../../dispatch/refusals.ts";
import type { Channel, Channels } from "../../pubsub/channels.ts";
import { matchGlob } from "@sider/keyspace-engine";

/** PUBSUB CHANNELS [pattern] */
export function pubsubChannels(context: CommandContext): void {
  replyNames(context, context.server.pubsub.channels);
}

/** PUBSUB SHARDCHANNELS [pattern] */
export function pubsubShardChannels(context: CommandContext): void {
  replyNames(context, context.server.pubsub.shardChannels);
}

/** PUBSUB NUMPAT */
export function pubsubNumPat(context: CommandContext): void {
  context.reply.integer(context.server.pubsub.patterns.size);
}

/** PUBSUB NUMSUB [channel ...] */
export function pubsubNumSub(context: CommandContext): void {
  replyCounts(context, context.server.pubsub.channels);
}

/** PUBSUB SHARDNUMSUB [channel ...] */
export function pubsubShardNumSub(context: CommandContext): void {
  replyCounts(context, context.server.pubsub.shardChannels);
}

function replyNames(context: CommandContext, channels: Channels): void {
  if (context.count > 3) return context.refuse(wrongSubcommandArguments(context, "PUBSUB"));
  const found = [...channels.all].filter((channel) => context.count === 2 || isAskedFor(context, channel));
  context.reply.arrayHeader(found.length);
  for (const { name } of found) context.reply.bulk(name, 0, name.length);
}

function isAskedFor(context: CommandContext, { name }: Channel): boolean {
  const { bytes, offset, length } = context.value(2);
  return matchGlob(bytes, offset, length, name, 0, name.length, false);
}

function replyCounts(context: CommandContext, channels: Channels): void {
  const { reply } = context;
  reply.arrayHeader((context.count - 2) * 2);
  for (let index = 2; index < context.count; index++) {
    const name = context.value(index);
    context.replyBulk(name);
    reply.integer(channels.find(name.bytes, name.offset, name.length)?.sessions.size ?? 0);
  }
}
