/** What a person has to know when a connection is lost: what is gone with it, and whether a command may have been executed. */
import type { Loss } from "../session/attendant.ts";
import type { KnownCommand } from "./grammar/known-commands.ts";

/** What is known of a command; undefined when that is nothing, as of all before it is loaded. */
export type FindCommand = (args: readonly string[]) => KnownCommand | undefined;

/** Lines of binary text. */
export function explainLoss({ args, wasInTransaction, wasSubscribed }: Loss, find: FindCommand): string[] {
  if (wasInTransaction && args?.[0]?.toLowerCase() === "exec")
    return ["Whether the transaction was executed is not known."];
  if (wasInTransaction) return ["The transaction is lost with it: none of its commands was executed."];
  if (wasSubscribed) return ["The subscriptions are lost with it."];
  if (args === null) return [];
  const command = find(args);
  if (command?.flags.includes("readonly") === true) return [];
  const name = command === undefined ? (args[0] ?? "").toUpperCase() : command.fullName.replace("|", " ").toUpperCase();
  return command === undefined || command.flags.includes("write")
    ? [`Whether ${name} was executed is not known. It is not sent again.`]
    : [];
}
