/** Finding the group, and the consumer, that a command is about; and what is refused when there is none. */
import { NIL } from "@sider/datastructures";
import {
  countAsRead,
  createConsumer,
  findConsumer,
  findGroup,
  setSeenAtMs,
  TYPE_STREAM,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { quoted } from "../../dispatch/refusals.ts";

/** The stream and the group of a command, after `findStreamAndGroup`. */
export const target = { block: NIL as number, group: NIL as number };

/**
 * Puts the stream in argument 1 and its group in argument 2 into `target`, NIL where there is none; refuses another type. For commands
 * that change pending messages: a save may want to see the value before.
 */
export function findStreamAndGroup(context: CommandContext): boolean {
  target.block = NIL;
  target.group = NIL;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_STREAM);
  if (context.error !== null) return false;
  countAsRead(context.keyspace, context.database, key, entry);
  if (entry === NIL) return true;
  target.block = valueBlockOf(context.keyspace.heap, entry);
  target.group = findGroup(context.keyspace.heap, target.block, context.value(2));
  return true;
}

/** As `findStreamAndGroup`, and refuses when there is no such group. */
export function needGroup(context: CommandContext): boolean {
  if (!findStreamAndGroup(context)) return false;
  if (target.group !== NIL) return true;
  context.refuse(noSuchGroup(context));
  return false;
}

/** What commands with the key in argument 1 and the group in argument 2 say. */
export function noSuchGroup(context: CommandContext): string {
  return `NOGROUP No such key '${quoted(context, 1)}' or consumer group '${quoted(context, 2)}'`;
}

/** What XGROUP and XINFO say, with the key in argument 2 and the group in argument 3. */
export function noSuchGroupOfKey(context: CommandContext): string {
  return `NOGROUP No such consumer group '${quoted(context, 3)}' for key name '${quoted(context, 2)}'`;
}

/** `ERR unknown subcommand or wrong number of arguments ...` of a container. */
export function subcommandSyntaxError(context: CommandContext): string {
  const container = context.text(0).toUpperCase();
  const subcommand = quoted(context, 1).slice(0, 128);
  return `ERR unknown subcommand or wrong number of arguments for '${subcommand}'. Try ${container} HELP.`;
}

/** The consumer of a command, after `seeConsumer`. */
export const seen = { consumer: NIL as number };

/**
 * Puts the consumer in argument `nameIndex` into `seen`; it has been seen now. Whether it had to be made. `keyIndex` is the key's
 * argument.
 */
export function seeConsumer(context: CommandContext, group: number, nameIndex: number, keyIndex: number): boolean {
  const { database, keyspace } = context;
  const heap = keyspace.heap;
  seen.consumer = findConsumer(heap, group, context.value(nameIndex));
  if (seen.consumer !== NIL) {
    setSeenAtMs(heap, seen.consumer, keyspace.nowMs);
    return false;
  }
  seen.consumer = createConsumer(heap, group, context.value(nameIndex), keyspace.nowMs);
  keyspace.changed(database, context.key(keyIndex), "t", "xgroup-createconsumer");
  return true;
}
