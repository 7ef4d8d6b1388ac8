/**
 * A connection to a server's Lua debugger. It is not one of requests with a reply each: EVAL is answered when the script stops for the
 * first time, and when the session ends the script's own reply follows without being asked for. So replies are a queue.
 */
import type { Socket } from "node:net";
import { encodeRequest, ReplyParser, type Reply } from "@sider/resp-protocol/client";
import { requestOf } from "../arguments.ts";
import { ConnectionError } from "../client/connection-error.ts";
import { PRINTABLE } from "../format/scalars.ts";
import type { Session } from "../session/session.ts";

export class DebugLink {
  private readonly socket: Socket;
  private readonly parser: ReplyParser;
  private readonly replies: Reply[] = [];
  private ending: ConnectionError | null = null;
  /** Is told of a reply, or of the end. */
  private wake: () => void = () => undefined;

  /** Takes over the session's connection. */
  constructor(session: Session) {
    this.parser = new ReplyParser({ onReply: (reply) => this.replies.push(reply) }, PRINTABLE);
    this.socket = session.takeOver({
      onBytes: (bytes, length) => {
        this.parser.feed(bytes, 0, length);
        if (this.parser.error !== null) this.ending ??= new ConnectionError("protocol", this.parser.error);
        this.wake();
        return true;
      },
      onEnd: (error) => {
        this.ending ??= error;
        this.wake();
      },
    });
  }

  /** Sends a request (binary). */
  send(args: readonly string[]): void {
    if (this.ending === null) this.socket.write(encodeRequest(requestOf(args)));
  }

  /** The next reply. Rejects with a ConnectionError when there is none any more. */
  async receive(): Promise<Reply> {
    for (;;) {
      const reply = this.replies.shift();
      if (reply !== undefined) return reply;
      if (this.ending !== null) throw this.ending;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
