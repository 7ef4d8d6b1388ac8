/** Switches of a session: CLIENT REPLY, NO-EVICT and NO-TOUCH. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";

/** CLIENT REPLY ON | OFF | SKIP: the reply to OFF and SKIP is none. */
export function clientReply(context: CommandContext): void {
  const { session, reply } = context;
  if (context.is(2, "on")) {
    session.setReplyMode("on");
    if (reply.sink !== session.transport) {
      reply.flush();
      reply.sink = session.transport;
    }
    reply.ok();
  } else if (context.is(2, "off")) {
    session.setReplyMode("off");
  } else if (context.is(2, "skip")) {
    if (session.replyMode !== "off") session.setReplyMode("skip");
  } else {
    context.refuse(SYNTAX_ERROR);
  }
}

/** CLIENT NO-EVICT ON | OFF */
export function clientNoEvict(context: CommandContext): void {
  const isOn = readSwitch(context, 2);
  if (context.error !== null) return;
  context.session.noEvict = isOn;
  context.reply.ok();
}

/** CLIENT NO-TOUCH ON | OFF */
export function clientNoTouch(context: CommandContext): void {
  const isOn = readSwitch(context, 2);
  if (context.error !== null) return;
  context.session.noTouch = isOn;
  context.keyspace.touchesOnLookup = !isOn;
  context.reply.ok();
}

function readSwitch(context: CommandContext, index: number): boolean {
  const isOn = context.is(index, "on");
  if (!isOn && !context.is(index, "off")) context.refuse(SYNTAX_ERROR);
  return isOn;
}
