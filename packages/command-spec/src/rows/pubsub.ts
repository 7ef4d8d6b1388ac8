/** Messages from whoever publishes to whoever listens, by channel and by pattern. Nothing is kept. */

import { MULTIPLE, pattern, string } from "../arguments.ts";
import { keyRange } from "../key-specs.ts";
import type { CommandRows, KeySpec } from "../row.ts";

/** Shard channels live where a key of that name would. */
const ONE_SHARD_CHANNEL: readonly KeySpec[] = [keyRange(1, 0, 1, ["not_key"])];
const ALL_SHARD_CHANNELS: readonly KeySpec[] = [keyRange(1, -1, 1, ["not_key"])];
const ANY_NUMBER = { optional: true, multiple: true } as const;

export const pubsubRows = {
  psubscribe: {
    summary: "Listens to all channels whose names match a pattern",
    since: "2.0.0",
    complexity: "O(N), N = patterns",
    arity: -2,
    flags: ["pubsub", "noscript", "loading", "stale"],
    arguments: [pattern("pattern", MULTIPLE)],
    reply: "For each pattern a push: psubscribe, the pattern, how many subscriptions the connection has",
  },

  publish: {
    summary: "Sends a message to those who listen to a channel",
    since: "2.0.0",
    complexity: "O(N+M), N = listeners, M = patterns of all connections",
    arity: 3,
    flags: ["pubsub", "loading", "stale", "fast", "may_replicate"],
    arguments: [string("channel"), string("message")],
    reply: "How many have got it",
  },

  pubsub: {
    summary: "Commands about channels and their listeners",
    since: "2.8.0",
    complexity: "Depends on the subcommand",
    arity: -2,
    reply: "Depends on the subcommand",
    subcommands: {
      channels: {
        summary: "Lists the channels that somebody listens to",
        since: "2.8.0",
        complexity: "O(N), N = channels",
        arity: -2,
        flags: ["pubsub", "loading", "stale"],
        arguments: [pattern("pattern", { optional: true })],
        reply: "An array of names",
      },
      help: {
        summary: "Lists the subcommands",
        since: "6.2.0",
        complexity: "O(1)",
        arity: 2,
        flags: ["loading", "stale"],
        reply: "An array of lines",
      },
      numpat: {
        summary: "Counts the different patterns that somebody listens to",
        since: "2.8.0",
        complexity: "O(1)",
        arity: 2,
        flags: ["pubsub", "loading", "stale"],
        reply: "How many there are",
      },
      numsub: {
        summary: "Counts the listeners of channels, without those by pattern",
        since: "2.8.0",
        complexity: "O(N), N = channels asked for",
        arity: -2,
        flags: ["pubsub", "loading", "stale"],
        arguments: [string("channel", ANY_NUMBER)],
        reply: "Names and counts in turn",
      },
      shardchannels: {
        summary: "Lists the shard channels that somebody listens to",
        since: "7.0.0",
        complexity: "O(N), N = shard channels",
        arity: -2,
        flags: ["pubsub", "loading", "stale"],
        arguments: [pattern("pattern", { optional: true })],
        reply: "An array of names",
      },
      shardnumsub: {
        summary: "Counts the listeners of shard channels",
        since: "7.0.0",
        complexity: "O(N), N = shard channels asked for",
        arity: -2,
        flags: ["pubsub", "loading", "stale"],
        arguments: [string("shardchannel", ANY_NUMBER)],
        reply: "Names and counts in turn",
      },
    },
  },

  punsubscribe: {
    summary: "Ends the listening by patterns, by all of them when none is named",
    since: "2.0.0",
    complexity: "O(N), N = patterns",
    arity: -1,
    flags: ["pubsub", "noscript", "loading", "stale"],
    arguments: [pattern("pattern", ANY_NUMBER)],
    reply: "For each pattern a push: punsubscribe, the pattern, how many subscriptions the connection has left",
  },

  spublish: {
    summary: "Sends a message to those who listen to a shard channel",
    since: "7.0.0",
    complexity: "O(N), N = listeners",
    arity: 3,
    flags: ["pubsub", "loading", "stale", "fast", "may_replicate"],
    keys: ONE_SHARD_CHANNEL,
    arguments: [string("shardchannel"), string("message")],
    reply: "How many have got it",
  },

  ssubscribe: {
    summary: "Listens to shard channels",
    since: "7.0.0",
    complexity: "O(N), N = channels",
    arity: -2,
    flags: ["pubsub", "noscript", "loading", "stale"],
    keys: ALL_SHARD_CHANNELS,
    arguments: [string("shardchannel", MULTIPLE)],
    reply: "For each channel a push: ssubscribe, the channel, how many shard channels the connection listens to",
  },

  subscribe: {
    summary: "Listens to channels",
    since: "2.0.0",
    complexity: "O(N), N = channels",
    arity: -2,
    flags: ["pubsub", "noscript", "loading", "stale"],
    arguments: [string("channel", MULTIPLE)],
    reply: "For each channel a push: subscribe, the channel, how many subscriptions the connection has",
  },

  sunsubscribe: {
    summary: "Ends the listening to shard channels, to all of them when none is named",
    since: "7.0.0",
    complexity: "O(N), N = channels",
    arity: -1,
    flags: ["pubsub", "noscript", "loading", "stale"],
    keys: ALL_SHARD_CHANNELS,
    arguments: [string("shardchannel", ANY_NUMBER)],
    reply: "For each channel a push: sunsubscribe, the channel, how many shard channels the connection has left",
  },

  unsubscribe: {
    summary: "Ends the listening to channels, to all of them when none is named",
    since: "2.0.0",
    complexity: "O(N), N = channels",
    arity: -1,
    flags: ["pubsub", "noscript", "loading", "stale"],
    arguments: [string("channel", ANY_NUMBER)],
    reply: "For each channel a push: unsubscribe, the channel, how many subscriptions the connection has left",
  },
} as const satisfies CommandRows;
