/**
 * A map from keys of databases to what stands for them on the server's side: who waits for a key, who watches it.
 *
 *   hash -> node -> node (same hash, other key or database)
 *
 * A lookup allocates nothing, since every change of a key comes by here while anybody waits or watches.
 */
import { isSameKey, Key } from "@sider/keyspace-engine";
import type { Database } from "@sider/keyspace-engine";
import { link, unlink } from "./hash-chains.ts";

/** Spreads databases over the hash. */
const DATABASE_FACTOR = 0x9e3779b1 | 0;

/** What stands for one key of one database. Extended by what it is for. */
export class KeyNode {
  readonly database: Database;
  readonly key: Key;
  /** Next node of the same hash. */
  sameHash: this | null = null;

  /** The key is copied. */
  constructor(database: Database, key: Key) {
    this.database = database;
    const bytes = key.bytes.slice(key.offset, key.offset + key.length);
    this.key = new Key().set(bytes, 0, key.length, key.hash);
  }
}

export class KeyMap<Node extends KeyNode> {
  size = 0;
  private readonly byHash = new Map<number, Node>();

  /** O(length of the key). */
  find(database: Database, key: Key): Node | null {
    let node = this.byHash.get(slotOf(database, key)) ?? null;
    while (node !== null && !(node.database === database && isSameKey(node.key, key))) node = node.sameHash;
    return node;
  }

  /** Adds and returns a node whose key is not there yet. */
  add(node: Node): Node {
    link<Node>(this.byHash, slotOf(node.database, node.key), node);
    this.size++;
    return node;
  }

  /** Removes a node that is there. */
  remove(node: Node): void {
    unlink<Node>(this.byHash, slotOf(node.database, node.key), node);
    this.size--;
  }

  /** Visits all nodes. `visit` may remove the one it is given, and no other. O(nodes). */
  forEach(visit: (node: Node) => void): void {
    for (const head of this.byHash.values()) {
      for (let node: Node | null = head; node !== null;) {
        const next: Node | null = node.sameHash;
        visit(node);
        node = next;
      }
    }
  }
}

function slotOf(database: Database, key: Key): number {
  return key.hash ^ Math.imul(database.index, DATABASE_FACTOR);
}
