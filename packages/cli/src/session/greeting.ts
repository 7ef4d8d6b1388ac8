/** What a session says on a new connection before all else: who it is, which database and which protocol it wants. What is refused is shown. */
import { ReplyError } from "@sider/resp-protocol/client";
import { requestOf } from "../arguments.ts";
import type { Client } from "../client/client.ts";
import type { Screen } from "../screen.ts";
import type { SessionState } from "./session-state.ts";

/** Authenticates, selects the database, switches the protocol. False when one is refused, which ends it; a wish for RESP3 may be refused. */
export async function greet(client: Client, state: SessionState, screen: Screen): Promise<boolean> {
  if (!(await authenticate(client, state, screen)) || !(await selectWanted(client, state, screen))) return false;
  const { resp3 } = state;
  if (resp3 === "no") return true;
  const reply = await client.send(["HELLO", "3"]);
  if (!(reply instanceof ReplyError)) return true;
  screen.warnBinary(`HELLO 3 failed: ${reply.message}`);
  return resp3 === "wished";
}

async function authenticate(client: Client, { authentication }: SessionState, screen: Screen): Promise<boolean> {
  if (authentication === undefined) return true;
  const reply = await client.send(requestOf(authentication));
  if (reply instanceof ReplyError) screen.warnBinary(`AUTH failed: ${reply.message}`);
  return !(reply instanceof ReplyError);
}

/** Selects the database that the connection is to have, if it has another. False when it is refused. */
export async function selectWanted(client: Client, state: SessionState, screen: Screen): Promise<boolean> {
  const { database, wantedDatabase } = state;
  if (wantedDatabase === database) return true;
  const reply = await client.send(["SELECT", String(wantedDatabase)]);
  if (reply instanceof ReplyError) {
    screen.warnBinary(`SELECT ${wantedDatabase} failed: ${reply.message}`);
    return false;
  }
  state.database = wantedDatabase;
  return true;
}
