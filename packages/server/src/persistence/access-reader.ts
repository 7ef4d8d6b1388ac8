/** What dumps say of how keys were used, for a server whose eviction policy looks at one or the other. */
import { accessOfFrequency, accessOfIdle } from "@sider/keyspace-engine";
import type { Keyspace } from "@sider/keyspace-engine";

const NOT_SAID = -1;

/** For `KeyspaceLoadOptions.accessOf`. */
export function accessReader(keyspace: Keyspace): (idleSeconds: number, frequency: number) => number {
  return (idleSeconds, frequency) => {
    if (keyspace.tracksFrequency) return frequency === NOT_SAID ? NOT_SAID : accessOfFrequency(keyspace, frequency);
    return idleSeconds === NOT_SAID ? NOT_SAID : accessOfIdle(keyspace, idleSeconds, idleSeconds | 0);
  };
}
