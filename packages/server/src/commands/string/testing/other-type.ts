/** Keys that hold no string, for WRONGTYPE: strings that say of themselves that they are something else. */
import { wordOf } from "@sider/datastructures";
import { Key, peek, TYPE_LIST } from "@sider/keyspace-engine";
import type { TestClient } from "../../../testing/test-client.ts";

/** Puts a key there that every string command must refuse. */
export function putOtherType(client: TestClient, name: string): void {
  client.send("SET", name, "text");
  const { databaseIndex, server } = client.session;
  const { databases, heap } = server.keyspace;
  const bytes = Uint8Array.from(name, (character) => character.charCodeAt(0));
  const key = new Key().set(bytes, 0, bytes.length, server.keyspace.hash(bytes, 0, bytes.length));
  heap.i32[wordOf(peek(server.keyspace, databases[databaseIndex], key))] |= TYPE_LIST;
}
