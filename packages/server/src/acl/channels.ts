/** Channels that a user must be allowed to use: those among the arguments of a command, and those that a session listens to. */
import { Slice } from "@sider/keyspace-engine";
import type { Channel } from "../pubsub/channels.ts";
import type { Session } from "../session/session.ts";
import type { User } from "./user.ts";

export interface ChannelArguments {
  readonly first: number;
  /** All arguments from there on, or that one. */
  readonly areAll: boolean;
  readonly arePatterns: boolean;
}

const CHANNELS: ReadonlyMap<string, ChannelArguments> = new Map([
  ["publish", { first: 1, areAll: false, arePatterns: false }],
  ["spublish", { first: 1, areAll: false, arePatterns: false }],
  ["subscribe", { first: 1, areAll: true, arePatterns: false }],
  ["ssubscribe", { first: 1, areAll: true, arePatterns: false }],
  ["psubscribe", { first: 1, areAll: true, arePatterns: true }],
]);

/** The channels among the arguments of a command, by its full name; null when it has none. Who unsubscribes needs no right to. */
export function channelsOf(command: string): ChannelArguments | null {
  return CHANNELS.get(command) ?? null;
}

/** Whether a session listens to a channel or pattern that its user may not use. O(subscriptions * patterns). */
export function listensToForbidden({ subscriptions, user }: Session): boolean {
  if (subscriptions === null) return false;
  const { channels, patterns, shardChannels } = subscriptions;
  const isForbidden = (channel: Channel): boolean => !mayUse(user, channel, false);
  return (
    [...patterns].some((pattern) => !mayUse(user, pattern, true)) ||
    [...channels].some(isForbidden) ||
    [...shardChannels].some(isForbidden)
  );
}

function mayUse(user: User, { name }: Channel, isPattern: boolean): boolean {
  const slice = new Slice().set(name, 0, name.length);
  return user.selectors.some((selector) => selector.allowsChannel(slice, isPattern));
}
