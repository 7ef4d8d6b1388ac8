/** PUBLISH and SPUBLISH. */
import type { CommandContext } from "../../dispatch/command-context.ts";

/** PUBLISH channel message */
export function publish(context: CommandContext): void {
  context.reply.integer(context.server.pubsub.publish(context.value(1), context.otherValue(2)));
}

/** SPUBLISH channel message */
export function spublish(context: CommandContext): void {
  context.reply.integer(context.server.pubsub.publishToShard(context.value(1), context.otherValue(2)));
}
