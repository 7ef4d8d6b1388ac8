/** What a connection is subscribed to, as its confirmations tell. Names are binary text. */
import { replyText } from "../format/reply-text.ts";
import type { Reply } from "@sider/resp-protocol/client";
import { beginsWith } from "../arguments.ts";

/** `subscribe`, `psubscribe`, `ssubscribe` begin with the letter of what they are for. */
const CONFIRMATION = /^([ps]?)(un)?subscribe$/;

export class Subscriptions {
  private readonly names = new Map<string, Set<string>>();

  /** Whether there are any. */
  get isAny(): boolean {
    return [...this.names.values()].some((names) => names.size > 0);
  }

  clear(): void {
    this.names.clear();
  }

  /** Takes note of a message; true when it is one of a subscription. */
  note(message: readonly Reply[]): boolean {
    const [kind = null, name = null] = message;
    const text = replyText(kind);
    const [all, letter = "", isEnd] = CONFIRMATION.exec(text) ?? [];
    if (all === undefined) return /^[ps]?message$/.test(text);
    if (isEnd === undefined) this.of(letter).add(replyText(name));
    else this.of(letter).delete(replyText(name));
    return true;
  }

  /** How many confirmations the arguments lead to; 0 when they neither begin nor end a subscription. */
  confirmationsOf(args: readonly string[]): number {
    const [all, letter = "", isEnd] = CONFIRMATION.exec(args[0]?.toLowerCase() ?? "") ?? [];
    if (all === undefined) return 0;
    if (args.length > 1) return args.length - 1;
    // Without names: one each, or one that says that there was none. SUBSCRIBE without names is an error.
    return isEnd === undefined ? 1 : Math.max(1, this.of(letter).size);
  }

  private of(letter: string): Set<string> {
    let names = this.names.get(letter);
    if (names === undefined) this.names.set(letter, (names = new Set()));
    return names;
  }
}

/** Whether the command begins or ends a subscription. */
export function changesSubscriptions(args: readonly string[]): boolean {
  return ["", "p", "s"].some(
    (letter) => beginsWith(args, `${letter}subscribe`) || beginsWith(args, `${letter}unsubscribe`),
  );
}
