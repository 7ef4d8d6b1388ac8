/** ACL CAT, DRYRUN and GENPASS. */
import { ACL_CATEGORIES, aclCategories, arityMatches } from "@sider/command-spec";
import type { Command } from "@sider/command-spec";
import { randomBytes } from "node:crypto";
import type { CommandArguments } from "../../acl/access.ts";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { quoted, wrongArity, wrongSubcommandArguments } from "../../dispatch/refusals.ts";
import { availableCommands, availableSubcommands, findAvailable } from "./command-catalog.ts";

/** ACL CAT [category] */
export function aclCat(context: CommandContext): void {
  if (context.count > 3) return context.refuse(wrongSubcommandArguments(context, "ACL"));
  if (context.count === 2) return replyNames(context, ACL_CATEGORIES);
  const category = ACL_CATEGORIES.find((name) => context.is(2, name));
  if (category === undefined) return context.refuse(`ERR Unknown category '${quoted(context, 2).slice(0, 128)}'`);
  const { table } = context.server;
  const all = availableCommands(table).flatMap((command) => [command, ...availableSubcommands(table, command)]);
  const members = all.filter((command) => aclCategories(command).includes(category));
  replyNames(
    context,
    members.map(({ fullName }) => fullName),
  );
}

function replyNames({ reply }: CommandContext, names: readonly string[]): void {
  reply.arrayHeader(names.length);
  for (const name of names) reply.bulkLatin1(name);
}

/** Where the command that is tried begins among the arguments. */
const TRIED = 3;

/** ACL DRYRUN user command [argument ...] */
export function aclDryRun(context: CommandContext): void {
  const { reply, server } = context;
  const user = server.users.find(context.text(2));
  if (user === undefined) return context.refuse(`ERR User '${quoted(context, 2)}' not found`);
  const command = findTried(context);
  if (command === undefined) return context.refuse(`ERR Command '${quoted(context, TRIED)}' not found`);
  if (!arityMatches(command.arity, context.count - TRIED)) return context.refuse(wrongArity(command));
  const tried: CommandArguments = {
    count: context.count - TRIED,
    value: (index) => context.value(TRIED + index),
    text: (index) => context.text(TRIED + index),
  };
  const refusal = server.access.tried(user, server.table.numberOf(command.fullName), tried);
  if (refusal === null) return reply.ok();
  reply.bulkLatin1(refusal);
}

function findTried(context: CommandContext): Command | undefined {
  const { table } = context.server;
  const command = findAvailable(table, context.text(TRIED));
  if (command === undefined || command.container !== null) return undefined;
  if (command.subcommands.size === 0 || context.count === TRIED + 1) return command;
  return findAvailable(table, `${context.text(TRIED)}|${context.text(TRIED + 1)}`);
}

const DEFAULT_BITS = 256;
const BITS_MAXIMUM = 4096;
const NOT_BITS = `ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to ${String(BITS_MAXIMUM)}`;

/** ACL GENPASS [bits] */
export function aclGenPass(context: CommandContext): void {
  if (context.count > 3) return context.refuse(wrongSubcommandArguments(context, "ACL"));
  const bits = context.count === 3 ? context.integer(2) : DEFAULT_BITS;
  if (context.error !== null) return;
  if (bits <= 0 || bits > BITS_MAXIMUM) return context.refuse(NOT_BITS);
  const digitCount = Math.ceil(bits / 4);
  context.reply.bulkLatin1(
    randomBytes(Math.ceil(digitCount / 2))
      .toString("hex")
      .slice(0, digitCount),
  );
}
