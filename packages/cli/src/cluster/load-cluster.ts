/** All nodes of a cluster that can be reached, found from one of them, which is the first. */
import { replyText } from "../format/reply-text.ts";
import { ReplyError } from "@sider/resp-protocol/client";
import { ModeFailure } from "../modes/mode-failure.ts";
import type { ModeContext } from "../modes/mode-context.ts";
import { ClusterNode } from "./cluster-node.ts";
import type { NodeLine } from "./nodes-reply.ts";

/** Rejects with a ModeFailure when the first node is of no use; a later one is left out. Who gets the nodes closes them. */
export async function loadCluster(context: ModeContext, host: string, port: number): Promise<ClusterNode[]> {
  const first = new ClusterNode(context, host, port);
  const nodes = [first];
  try {
    for (const line of await loadFirst(first)) {
      const node = line.flags.includes("myself") ? null : await loadOther(context, line);
      if (node !== null) nodes.push(node);
    }
  } catch (error) {
    for (const node of nodes) node.close();
    throw error;
  }
  countReplicas(nodes);
  return nodes;
}

/** All nodes that the first one knows. */
async function loadFirst(first: ClusterNode): Promise<NodeLine[]> {
  if (!(await first.connect())) throw new ModeFailure("");
  await checkIsClusterNode(first);
  const lines = await first.load();
  if (lines instanceof ReplyError) first.tellError(lines.message);
  if (!Array.isArray(lines)) throw new ModeFailure("");
  return lines;
}

async function checkIsClusterNode(node: ClusterNode): Promise<void> {
  const info = await node.ask(["INFO"]);
  if (/^cluster_enabled:[1-9]/m.test(replyText(info))) return;
  const problem = info instanceof ReplyError ? info.message : "is not configured as a cluster node.";
  node.log.say("error", `[ERR] Node ${node.address} ${problem}\n`);
  throw new ModeFailure("");
}

/** A node that another one named; null when it is not to be had. */
async function loadOther(context: ModeContext, line: NodeLine): Promise<ClusterNode | null> {
  if (line.host === "" || line.port === 0) return null;
  const node = new ClusterNode(context, line.host, line.port, line);
  let isOfUse = false;
  try {
    isOfUse = (await node.connect()) && (await isAlive(node, line));
  } finally {
    if (!isOfUse) node.close();
  }
  return isOfUse ? node : null;
}

/** Whether the node tells of itself, and neither it nor the other one takes it for lost. */
async function isAlive(node: ClusterNode, line: NodeLine): Promise<boolean> {
  if (!Array.isArray(await node.load())) {
    node.log.say("error", `[ERR] Unable to load info for node ${node.address}\n`);
    return false;
  }
  const flags = [...line.flags, ...(node.line?.flags ?? [])];
  return !flags.some((flag) => ["noaddr", "disconnected", "fail"].includes(flag));
}

function countReplicas(nodes: readonly ClusterNode[]): void {
  for (const { address, log, line } of nodes) {
    const masterId = line?.masterId ?? null;
    if (masterId === null) continue;
    const master = nodes.find(({ id }) => id === masterId);
    if (master !== undefined) master.replicaCount++;
    else log.say("warning", `*** WARNING: ${address} claims to be slave of unknown node ID ${masterId}.\n`);
  }
}
