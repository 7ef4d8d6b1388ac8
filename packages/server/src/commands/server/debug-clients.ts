/** What DEBUG says of clients. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongSubcommandArguments } from "../../dispatch/refusals.ts";
import { sizeClassOf } from "../../session/client-eviction.ts";
import { totalSessionBytes } from "../../session/session-memory.ts";

/** The first class ends at 32 KiB, the last begins at 4 GiB. */
const SMALLEST_LOG2 = 15;
const LARGEST_LOG2 = 32;

/** DEBUG CLIENT-EVICTION: the clients that may be closed for the sake of maxmemory-clients, by size. */
export function debugClientEviction(context: CommandContext): void {
  const { sessions, clientEviction } = context.server;
  if (!clientEviction.isOn) return context.refuse("ERR maxmemory-clients is disabled.");
  const classes = Array.from({ length: LARGEST_LOG2 - SMALLEST_LOG2 + 2 }, () => ({ bytes: 0, clients: 0 }));
  for (const session of sessions.values()) {
    if (session.noEvict || session.closing) continue;
    const bytes = totalSessionBytes(session);
    const log2 = Math.min(LARGEST_LOG2, Math.max(SMALLEST_LOG2 - 1, sizeClassOf(bytes)));
    const found = classes[log2 - SMALLEST_LOG2 + 1];
    found.bytes += bytes;
    found.clients++;
  }
  const lines = classes.map(({ bytes, clients }, index) => {
    return `bucket ${range(index)}: tot-mem: ${String(bytes).padStart(10)}, clients: ${String(clients)}\n`;
  });
  context.reply.verbatim("txt", lines.join(""));
}

function range(index: number): string {
  const log2 = index + SMALLEST_LOG2 - 1;
  const low = String(index === 0 ? 0 : 2 ** log2).padStart(10);
  return log2 === LARGEST_LOG2 ? `${low}+            ` : `${low} - ${String(2 ** (log2 + 1) - 1).padStart(10)}`;
}

/** DEBUG REPLYBUFFER PEAK-RESET-TIME | RESIZING value: there are no buffers of single clients that this could change. */
export function debugReplyBuffer(context: CommandContext): void {
  if (!context.is(2, "peak-reset-time") && !context.is(2, "resizing")) {
    return context.refuse(wrongSubcommandArguments(context, "DEBUG"));
  }
  context.reply.ok();
}
