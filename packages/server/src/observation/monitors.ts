/**
 * MONITOR: sessions that are sent a line for each command that is executed.
 *
 *     +1700000000.123456 [0 127.0.0.1:50000] "set" "key" "value"\r\n
 */
import { unixMicroseconds } from "@sider/keyspace-engine";
import type { CommandContext } from "../dispatch/command-context.ts";
import { FLAG_ADMIN, FLAG_SKIP_MONITOR } from "../dispatch/command-table.ts";
import type { Session } from "../session/session.ts";
import { quotedText } from "../quoted-text.ts";
import { REDACTED, secretArguments } from "./secrets.ts";

export class Monitors {
  private readonly sessions = new Set<Session>();

  get count(): number {
    return this.sessions.size;
  }

  has(session: Session): boolean {
    return this.sessions.has(session);
  }

  add(session: Session): void {
    this.sessions.add(session);
  }

  /** Gives whether it was one. */
  delete(session: Session): boolean {
    return this.sessions.delete(session);
  }

  /** Tells of the command of a context, which has been executed. What administers the server is told to nobody. */
  feed(context: CommandContext): void {
    const { session, server } = context;
    const hidden = (server.table.flags[context.command] & (FLAG_ADMIN | FLAG_SKIP_MONITOR)) !== 0;
    if (hidden || this.sessions.size === 0 || session.replay !== null) return;
    const line = lineOf(context);
    const bytes = Uint8Array.from(line, (character) => character.charCodeAt(0));
    for (const monitor of this.sessions) {
      // The replies that it waits for itself come first.
      if (context.reply.sink === monitor.transport) context.reply.flush();
      if (monitor.closing) continue;
      server.pushes.flushSession(monitor);
      monitor.transport.write(bytes, 0, bytes.length);
    }
  }
}

function lineOf(context: CommandContext): string {
  const { session } = context;
  const time = (unixMicroseconds(context.keyspace.clock) / 1e6).toFixed(6);
  const secrets = secretArguments(context);
  const words = Array.from({ length: context.count }, (_, index) =>
    quotedText(secrets.includes(index) ? REDACTED : context.text(index)),
  );
  return `+${time} [${String(session.databaseIndex)} ${addressOf(session)}] ${words.join(" ")}\r\n`;
}

/** A Unix socket is told by its path alone. */
function addressOf({ transport }: Session): string {
  return transport.isUnixSocket ? `unix:${transport.localAddress.replace(/:0$/, "")}` : transport.remoteAddress;
}
