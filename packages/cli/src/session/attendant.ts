/**
 * What a prompt on a terminal does for a session: it makes room above the line that is typed, shows replies nicer, and is told what
 * changes. A session without a prompt has the one that does nothing.
 */
import type { Reply } from "@sider/resp-protocol/client";
import type { ReplyStyle } from "../format/standard.ts";

/** A connection that was lost. */
export interface Loss {
  /** The command whose reply did not come; null when none was waited for. */
  readonly args: readonly string[] | null;
  readonly wasInTransaction: boolean;
  readonly wasSubscribed: boolean;
}

export interface Attendant {
  /** Whether subscriptions leave the prompt there for other commands. */
  readonly staysSubscribed: boolean;
  /** Wraps the printing of what comes unasked. */
  makeRoom(show: () => void): void;
  /** The reply as it is shown. */
  present(args: readonly string[], reply: Reply): { readonly reply: Reply; readonly style?: ReplyStyle };
  /** Something that the prompt shows is different. */
  changed(): void;
  /** What else is to be said of a lost connection, as binary text. */
  explain(loss: Loss): string[];
}

export const NO_ATTENDANT: Attendant = {
  staysSubscribed: false,
  makeRoom: (show) => show(),
  present: (_args, reply) => ({ reply }),
  changed: () => undefined,
  explain: () => [],
};
