/** The fixed conversations, with redis-server and with Sider: every byte must be the same, and so must who ends the connection. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { encodeCommand, RawConnection } from "../support/connection.ts";
import { converse } from "../support/exchange-bytes.ts";
import { programsPresent } from "../support/programs.ts";
import { subjectKind, subjectPresent } from "../support/server.ts";
import { conversations } from "./conversations.ts";
import { type Peers, startPeers } from "./peers.ts";

const canRun = subjectPresent() && programsPresent("conversations", "redis-server");

describe.skipIf(!canRun)("conversations", () => {
  let peers: Peers;
  beforeAll(async () => {
    peers = await startPeers(subjectKind);
  });
  afterAll(async () => {
    await peers.reference.stop();
    await peers.subject.stop();
  });
  beforeEach(async () => {
    await peers.reference.reset();
    await peers.subject.reset();
  });

  test.each(conversations)("%s", async (_, input) => {
    const expected = await converse(peers.reference.server.port, input);
    expect(await converse(peers.subject.server.port, input)).toEqual(expected);
  });

  test("CLIENT PAUSE holds commands back until CLIENT UNPAUSE", async () => {
    for (const { port } of [peers.reference.server, peers.subject.server]) {
      const pausing = await RawConnection.open(port);
      const held = await RawConnection.open(port);
      await pausing.call("CLIENT", "PAUSE", "60000", "WRITE");
      const order: string[] = [];
      const answers = held
        .pipeline([
          ["GET", "k"],
          ["SET", "k", "v"],
        ])
        .then(() => order.push("written"));
      await pausing.call("PING");
      order.push("unpaused");
      await pausing.call("CLIENT", "UNPAUSE");
      await answers;
      expect(order).toEqual(["unpaused", "written"]);
      pausing.close();
      held.close();
    }
  });

  test("CLIENT KILL of oneself and of others", async () => {
    for (const { port } of [peers.reference.server, peers.subject.server]) {
      const other = await RawConnection.open(port);
      const otherId = (await other.callText("CLIENT", "ID")).slice(1).trim();
      const killing = await RawConnection.open(port);
      const ownId = (await killing.callText("CLIENT", "ID")).slice(1).trim();
      expect(await killing.callText("CLIENT", "KILL", "ID", otherId)).toBe(":1\r\n");
      await other.closed;
      expect(await killing.callText("CLIENT", "KILL", "ID", ownId)).toBe(":0\r\n");
      killing.send(encodeCommand(["CLIENT", "KILL", "ID", ownId, "SKIPME", "no"]));
      expect((await killing.nextReply()).toString()).toBe(":1\r\n");
      await killing.closed;
    }
  });
});
