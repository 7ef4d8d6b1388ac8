/** INFO's section Keyspace: the databases that hold keys. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

export function keyspaceFields({ keyspace }: Server): InfoFields {
  return keyspace.databases
    .filter((database) => keyspace.count(database) > 0)
    .map((database) => {
      const keys = `keys=${String(keyspace.count(database))},expires=${String(keyspace.expiresCount(database))}`;
      return [`db${String(database.index)}`, `${keys},avg_ttl=${String(Math.round(database.averageTtlMs))}`];
    });
}
