/** Which arguments of a command are channels that a user must be allowed to use. Who unsubscribes needs no right to. */

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

/** The channels among the arguments of a command, by its full name; null when it has none. */
export function channelsOf(command: string): ChannelArguments | null {
  return CHANNELS.get(command) ?? null;
}
