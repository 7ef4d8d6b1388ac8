/**
 * Tables by what has a hash of its own, bytes or keys: a map from a hash to the first of a chain. Whoever looks something up walks the
 * chain himself, comparing what he knows: that allocates nothing.
 *
 *   hash -> node -> node (same hash)
 */

export interface Chained<Node> {
  /** Next one of the same hash. */
  sameHash: Node | null;
}

/** Adds a node that is in no chain. */
export function link<Node extends Chained<Node>>(chains: Map<number, Node>, hash: number, node: Node): void {
  node.sameHash = chains.get(hash) ?? null;
  chains.set(hash, node);
}

/** Removes a node; nothing happens when it is not there. O(nodes of the same hash). */
export function unlink<Node extends Chained<Node>>(chains: Map<number, Node>, hash: number, node: Node): void {
  const head = chains.get(hash) ?? null;
  if (head !== node) {
    let before = head;
    while (before !== null && before.sameHash !== node) before = before.sameHash;
    if (before !== null) before.sameHash = node.sameHash;
  } else if (node.sameHash === null) chains.delete(hash);
  else chains.set(hash, node.sameHash);
}
