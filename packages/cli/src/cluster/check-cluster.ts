/** `--cluster check`: whether all nodes say the same, no slot is on its way from node to node, and each slot has a node. */
import { replyText } from "../format/reply-text.ts";
import { TypeNames } from "../keys/type-names.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { parseNodes, SLOT_COUNT } from "./nodes-reply.ts";

/** How many COUNTKEYSINSLOT are sent at once. */
const SLOTS_AT_ONCE = 1024;

/** Shows what it finds. False when something is wrong. */
export async function checkCluster(nodes: readonly ClusterNode[], looksForOwners: boolean): Promise<boolean> {
  const [{ log, address }] = nodes as [ClusterNode];
  log.say("info", `>>> Performing Cluster Check (using node ${address})\n`);
  for (const node of nodes) log.plain(describe(node));
  const isConsistent = await agree(nodes);
  if (isConsistent) log.say("ok", "[OK] All nodes agree about slots configuration.\n");
  else log.say("error", "[ERR] Nodes don't agree about configuration!\n");
  const hasNoneOpen = checkOpenSlots(nodes);
  const isCovered = checkCoverage(nodes);
  const hasOneOwnerEach = !looksForOwners || (await checkOwners(nodes));
  return isConsistent && hasNoneOpen && isCovered && hasOneOwnerEach;
}

function describe({ address, id, line, isReplica, slots, slotCount, replicaCount }: ClusterNode): string {
  const flags = (line?.flags ?? []).filter((flag) => flag !== "myself").join(",");
  const lines = [
    `${isReplica ? "S" : "M"}: ${id} ${address}`,
    `   slots:${rangesText(slots)} (${slotCount} slots) ${flags}`,
  ];
  const masterId = line?.masterId ?? null;
  if (masterId !== null) lines.push(`   replicates ${masterId}`);
  else if (replicaCount > 0) lines.push(`   ${replicaCount} additional replica(s)`);
  return lines.join("\n");
}

/** `[0-5460],[7000]`. */
function rangesText(slots: Uint8Array): string {
  const ranges: string[] = [];
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    if (slots[slot] === 0) continue;
    const first = slot;
    while (slots[slot + 1] === 1) slot++;
    ranges.push(first === slot ? `[${first}]` : `[${first}-${slot}]`);
  }
  return ranges.join(",");
}

/** Whether all nodes give the same slots to the same nodes. */
async function agree(nodes: readonly ClusterNode[]): Promise<boolean> {
  if (nodes.length === 1) return true;
  const views = await Promise.all(nodes.map((node) => slotsAsSeenBy(node)));
  return views.every((view) => view !== "" && view === views[0]);
}

/** The nodes that have slots, with those: a text that is the same for all who see the same. "" when none has one. */
async function slotsAsSeenBy(node: ClusterNode): Promise<string> {
  const lines = parseNodes(replyText(await node.ask(["CLUSTER", "NODES"]))) ?? [];
  const owners = lines.filter(({ slotWords }) => slotWords.length > 0);
  return owners
    .map(({ id, slotWords }) => `${id}:${slotWords.toSorted().join(",")}`)
    .toSorted()
    .join("|");
}

function checkOpenSlots(nodes: readonly ClusterNode[]): boolean {
  const [{ log }] = nodes as [ClusterNode];
  log.say("info", ">>> Check for open slots...\n");
  // They are listed in the order of redis-cli's hash table.
  const open = new TypeNames<string>();
  for (const { address, line } of nodes) {
    for (const [state, slots] of [
      ["migrating", line?.migrating ?? []],
      ["importing", line?.importing ?? []],
    ] as const) {
      if (slots.length === 0) continue;
      log.say("error", `[WARNING] Node ${address} has slots in ${state} state ${slots.join(",")}.\n`);
      for (const slot of slots) if (open.find(slot) === undefined) open.add(slot, slot);
    }
  }
  if (open.values().length === 0) return true;
  log.say("error", `[WARNING] The following slots are open: ${open.values().join(",")}.\n`);
  return false;
}

function checkCoverage(nodes: readonly ClusterNode[]): boolean {
  const [{ log }] = nodes as [ClusterNode];
  log.say("info", ">>> Check slots coverage...\n");
  const isCovered = nodes[0]?.slots.every((_, slot) => nodes.some(({ slots }) => slots[slot] === 1));
  if (isCovered) log.say("ok", `[OK] All ${SLOT_COUNT} slots covered.\n`);
  else log.say("error", `[ERR] Not all ${SLOT_COUNT} slots are covered by nodes.\n\n`);
  return isCovered;
}

/** A master that has keys of a slot counts as an owner, as well as the one that has the slot. */
async function checkOwners(nodes: readonly ClusterNode[]): Promise<boolean> {
  const [{ log }] = nodes as [ClusterNode];
  log.say("info", ">>> Check for multiple slot owners...\n");
  const masters = nodes.filter(({ isReplica }) => !isReplica);
  const owned = await Promise.all(masters.map((node) => slotsWithKeys(node)));
  let contested = 0;
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    const owners = masters.filter((_, index) => owned[index]?.[slot] === 1);
    if (owners.length < 2) continue;
    contested++;
    log.say("error", `[WARNING] Slot ${slot} has ${owners.length} owners:\n`);
    for (const { address } of owners) log.say("error", `    ${address}\n`);
  }
  if (contested === 0) log.say("ok", "[OK] No multiple owners found.\n");
  return contested === 0;
}

/** The slots that a node has, or has keys of. */
async function slotsWithKeys(node: ClusterNode): Promise<Uint8Array> {
  const slots = node.slots.slice();
  const others = Array.from(slots.keys()).filter((slot) => slots[slot] === 0);
  for (let start = 0; start < others.length; start += SLOTS_AT_ONCE) {
    const asked = others.slice(start, start + SLOTS_AT_ONCE);
    const counts = await node.askAll(asked.map((slot) => ["CLUSTER", "COUNTKEYSINSLOT", String(slot)]));
    for (const [index, count] of counts.entries())
      if (typeof count === "number" && count > 0) slots[asked[index] ?? 0] = 1;
  }
  return slots;
}
