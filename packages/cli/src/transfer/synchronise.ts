/** How a client becomes a replica: what it says of itself, and SYNC. Messages are redis-cli's. */
import { ReplyError } from "@sider/resp-protocol/client";
import { INPUT_OUTPUT_ERROR, ModeFailure, orFail } from "../modes/mode-failure.ts";
import type { ModeContext } from "../modes/mode-context.ts";

export const SYNC_REQUEST = "SYNC\r\n";

/** Tells the server one thing about this replica. False when it does not know that, which need not matter. */
export async function tellServer({ session, screen }: ModeContext, name: string, value: string): Promise<boolean> {
  screen.warn(`sending REPLCONF ${name} ${value}`);
  const reply = await orFail(session.send(["REPLCONF", name, value]), () => INPUT_OUTPUT_ERROR);
  if (!(reply instanceof ReplyError)) return true;
  screen.warnBinary(`REPLCONF ${name} error: ${reply.message}`);
  return false;
}

/** The server's refusal of SYNC. */
export function refusalOf(line: string): ModeFailure {
  return new ModeFailure(`SYNC with master failed: ${line}`);
}
