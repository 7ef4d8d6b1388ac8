/** Handlers of the pub/sub commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { replyHelp } from "../../dispatch/help-reply.ts";
import { publish, spublish } from "./publish.ts";
import { pubsubChannels, pubsubNumPat, pubsubNumSub, pubsubShardChannels, pubsubShardNumSub } from "./pubsub.ts";
import { psubscribe, punsubscribe, ssubscribe, subscribe, sunsubscribe, unsubscribe } from "./subscribe.ts";

export const pubsubHandlers = {
  psubscribe,
  publish,
  "pubsub|channels": pubsubChannels,
  "pubsub|help": replyHelp,
  "pubsub|numpat": pubsubNumPat,
  "pubsub|numsub": pubsubNumSub,
  "pubsub|shardchannels": pubsubShardChannels,
  "pubsub|shardnumsub": pubsubShardNumSub,
  punsubscribe,
  spublish,
  ssubscribe,
  subscribe,
  sunsubscribe,
  unsubscribe,
} satisfies Handlers<"pubsub">;
