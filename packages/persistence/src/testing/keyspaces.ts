import { createHeap } from "@sider/datastructures";
import { Keyspace } from "@sider/keyspace-engine";

/** An empty keyspace of one database, whose heap is checked. */
export function testKeyspace(): Keyspace {
  return new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 28, checks: true }), databaseCount: 1 });
}
