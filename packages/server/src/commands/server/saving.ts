/** SAVE, BGSAVE, LASTSAVE and SHUTDOWN. */
import { FileError } from "@sider/persistence";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import type { Server } from "../../server.ts";

/** What Redis replies when a save fails; the reason is in the log. */
const FAILED = "ERR";

/** SAVE */
export function save(context: CommandContext): void {
  if (trySave(context.server)) context.reply.ok();
  else context.refuse(FAILED);
}

/** BGSAVE [SCHEDULE]: saves right after its reply. */
export function bgsave(context: CommandContext): void {
  if (context.count > 2 || (context.count === 2 && !context.is(1, "schedule"))) return context.refuse(SYNTAX_ERROR);
  const server = context.server;
  server.executor.defer(() => void trySave(server));
  context.reply.simpleString("Background saving started");
}

function trySave(server: Server): boolean {
  try {
    server.persistence.save();
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** LASTSAVE */
export function lastsave(context: CommandContext): void {
  context.reply.integer(context.server.persistence.lastSaveUnixSeconds);
}

const SHUTDOWN_WORDS = ["nosave", "save", "now", "force", "abort"];

/** SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]: no reply when it succeeds. */
export function shutdown(context: CommandContext): void {
  const words = new Set<string>();
  for (let index = 1; index < context.count; index++) {
    const word = SHUTDOWN_WORDS.find((known) => context.is(index, known));
    if (word === undefined) return context.refuse(SYNTAX_ERROR);
    words.add(word);
  }
  const aborts = words.has("abort");
  if ((aborts && words.size > 1) || (words.has("save") && words.has("nosave"))) return context.refuse(SYNTAX_ERROR);
  if (aborts) return context.refuse("ERR No shutdown in progress.");
  const isDown = context.server.shutdown({
    save: words.has("save") ? "always" : words.has("nosave") ? "never" : "default",
    now: words.has("now"),
    force: words.has("force"),
  });
  if (!isDown) context.refuse("ERR Errors trying to SHUTDOWN. Check logs.");
}
