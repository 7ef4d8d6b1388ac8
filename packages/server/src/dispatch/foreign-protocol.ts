/**
 * Requests of HTTP that reach the port of the data: a web page can let a browser send them to addresses that only the browser reaches
 * ("cross-protocol scripting"), with commands in the body. So a line that begins with `POST` or `Host:`, one of which every such request
 * has before its body, ends the connection at once: the body is not executed, and no reply leaves that has not left yet.
 */
import type { Server } from "../server.ts";
import { describeSession } from "../session/output-limit.ts";
import type { Session } from "../session/session.ts";
import type { CommandContext } from "./command-context.ts";

const LOGGED_EVERY_MS = 60_000;

/** When it was last logged, by server: a page that tries again and again must not fill the log. */
const loggedMs = new WeakMap<Server, number>();

/** Whether the command is a line of HTTP. */
export function isHttp(context: CommandContext): boolean {
  const name = context.text(0).toLowerCase();
  return name === "host:" || name === "post";
}

/** Ends the session, and says so in the log. */
export function endHttp(session: Session): void {
  const { server } = session;
  const nowMs = server.keyspace.nowMs;
  if (nowMs - (loggedMs.get(server) ?? -Infinity) > LOGGED_EVERY_MS) {
    loggedMs.set(server, nowMs);
    server.log.warning(
      `A client sends HTTP (POST or Host:), as a web page would that attacks the server through a browser. It was disconnected: ${describeSession(session)}`,
    );
  }
  session.destroy();
}
