/** `--cluster info`: keys, slots and replicas of each master. */
import { ReplyError } from "@sider/resp-protocol/client";
import { fixed } from "../format/fixed.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { SLOT_COUNT } from "./nodes-reply.ts";

export async function showClusterInfo(nodes: readonly ClusterNode[]): Promise<void> {
  const masters = nodes.filter((node) => !node.isReplica && node.line !== null);
  let keys = 0;
  for (const node of masters) {
    const reply = await node.ask(["DBSIZE"]);
    if (typeof reply !== "number") return node.tellError(reply instanceof ReplyError ? reply.message : "");
    keys += reply;
    const replicas = nodes.filter(({ isReplica, line }) => isReplica && line?.masterId === node.id).length;
    const name = `${node.address} (${node.id.slice(0, 8)}...)`;
    node.log.plain(`${name} -> ${reply} keys | ${node.slotCount} slots | ${replicas} slaves.`);
  }
  const [{ log }] = nodes as [ClusterNode];
  log.say("ok", `[OK] ${keys} keys in ${masters.length} masters.\n`);
  // redis-cli divides floats of 32 bits.
  log.plain(`${fixed(Math.fround(Math.fround(keys) / SLOT_COUNT), 2)} keys per slot on average.`);
}
