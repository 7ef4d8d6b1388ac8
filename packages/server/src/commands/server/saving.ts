/** SAVE, BGSAVE, LASTSAVE and SHUTDOWN. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";

const IN_PROGRESS = "ERR Background save already in progress";
const OTHER_IN_PROGRESS =
  "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.";

/** SAVE */
export function save(context: CommandContext): void {
  const { saving } = context.server.persistence;
  if (saving.isInBackground) return context.refuse(IN_PROGRESS);
  if (saving.trySave()) context.reply.ok();
  else context.refuse("ERR"); // as Redis: the reason is in the log
}

/** BGSAVE [SCHEDULE]: in a transaction it begins after it. */
export function bgsave(context: CommandContext): void {
  if (context.count > 2 || (context.count === 2 && !context.is(1, "schedule"))) return context.refuse(SYNTAX_ERROR);
  const { saving } = context.server.persistence;
  const isInTransaction = context.session.transaction !== null;
  if (saving.isInBackground) return context.refuse(IN_PROGRESS);
  if (saving.isBlocked && context.count === 1 && !isInTransaction) return context.refuse(OTHER_IN_PROGRESS);
  if (saving.isBlocked || isInTransaction) {
    saving.isScheduled = true;
    context.reply.simpleString("Background saving scheduled");
  } else {
    saving.startBackground();
    context.reply.simpleString("Background saving started");
  }
}

/** BGREWRITEAOF: in a transaction it begins after it. */
export function bgrewriteaof(context: CommandContext): void {
  switch (context.server.appendOnly.rewrite()) {
    case "running":
      return context.refuse("ERR Background append only file rewriting already in progress");
    case "failed":
      return context.refuse(
        "ERR Can't execute an AOF background rewriting. Please check the server logs for more information.",
      );
    case "scheduled":
      return context.reply.simpleString("Background append only file rewriting scheduled");
    case "started":
      return context.reply.simpleString("Background append only file rewriting started");
  }
}

/** LASTSAVE */
export function lastsave(context: CommandContext): void {
  context.reply.integer(context.server.persistence.saving.lastSaveUnixSeconds);
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
  if (aborts) return abortShutdown(context);
  endServer(context, words);
}

function abortShutdown(context: CommandContext): void {
  if (context.server.ending.abort()) context.reply.ok();
  else context.refuse("ERR No shutdown in progress.");
}

/** The session waits, for no key, until the server is down or goes on. */
function endServer(context: CommandContext, words: ReadonlySet<string>): void {
  const { server, session } = context;
  context.waitForKeys(1, 0, 0, 0, "null");
  server.executor.defer(() => {
    const request = {
      save: words.has("save") ? ("always" as const) : words.has("nosave") ? ("never" as const) : ("default" as const),
      now: words.has("now"),
      force: words.has("force"),
    };
    server.shutdown(request, (isDown) => {
      if (isDown || session.waiter === null) return;
      server.executor.waiting.end(session.waiter, "ERR Errors trying to SHUTDOWN. Check logs.");
    });
  });
}
