/** What a person sees of what the server says: the reply to a command, the messages of SUBSCRIBE and MONITOR, and what is pushed. */
import type { Reply } from "@sider/resp-protocol/client";
import type { Attendant } from "./attendant.ts";
import { repliesWithPage, subscribes } from "../command-traits.ts";
import { printReply, type ReplyFormat } from "../format/format-reply.ts";
import { printRaw } from "../format/raw.ts";
import { replyText } from "../format/reply-text.ts";
import type { Screen } from "../screen.ts";

/** To whom it is shown: a session. */
export interface Viewer {
  readonly screen: Screen;
  readonly format: ReplyFormat;
  readonly attendant: Attendant;
}

export function showReply({ screen, format, attendant }: Viewer, args: readonly string[], reply: Reply): void {
  if (repliesWithPage(args)) return printRaw(screen.out, reply, format.elementDelimiter);
  const shown = attendant.present(args, reply);
  printReply(screen.out, shown.reply, format, shown.style);
}

/** One message of those that a command is answered with until Ctrl-C. */
export function showMessage({ screen, format, attendant }: Viewer, message: Reply): void {
  printReply(screen.out, message, format, attendant.present([], message).style);
  screen.out.flush();
}

export function showPush(viewer: Viewer, message: Reply[]): void {
  const { screen, format } = viewer;
  const [kind, keys] = message;
  const isInvalidation = message.length === 2 && replyText(kind) === "invalidate" && Array.isArray(keys);
  if (isInvalidation && format.format === "standard") {
    screen.out.add(`-> invalidate: ${keys.map((key) => `'${replyText(key)}'`).join(", ")}\n`);
  } else if (message.length === 0 && format.format === "standard") screen.out.add("(empty push)\n");
  else showMessage(viewer, message);
  screen.out.flush();
}

/** Says before a SUBSCRIBE that messages will come, and how to end it. */
export function announceMessages({ screen, format, attendant }: Viewer, args: readonly string[]): void {
  if (!subscribes(args) || format.format === "raw") return;
  const more = attendant.staysSubscribed ? " or any key to type command" : "";
  screen.out.add(`Reading messages... (press Ctrl-C to quit${more})\n`);
}
