/**
 * What a node of a cluster answers to a command whose keys are elsewhere.
 *
 *     -MOVED 3999 127.0.0.1:6381     that node has the slot from now on
 *     -ASK 3999 127.0.0.1:6381       for this command only, which ASKING goes before: the slot is on its way there
 */
import { ReplyError, type Reply } from "@sider/resp-protocol/client";

export interface Redirection {
  readonly slot: number;
  /** Empty: the host that said so, which knows no name for itself. */
  readonly host: string;
  readonly port: number;
  /** Whether ASKING goes before the command. */
  readonly isAsk: boolean;
}

// The port follows the last colon: the host may be an IPv6 address.
const REDIRECTION = /^(MOVED|ASK) (\d{1,5}) (.*):(\d{1,5})$/;

/** Null for every other reply. */
export function redirectionOf(reply: Reply): Redirection | null {
  const [, kind, slot, host = "", port] = (reply instanceof ReplyError && REDIRECTION.exec(reply.message)) || [];
  if (kind === undefined) return null;
  return { slot: Number(slot), host: host === "?" ? "" : host, port: Number(port), isAsk: kind === "ASK" };
}
