/** What a server promises about a sudden end, by how it keeps its data. */
import type { PeerKind } from "../support/server.ts";
import type { Random } from "../support/random.ts";

export const policyNames = ["always", "everysec", "rdb"] as const;
export type PolicyName = (typeof policyNames)[number];

export interface Policy {
  /** Options of the server, drawn anew for each round. */
  args(kind: PeerKind, random: Random): string[];
  /** What may be lost: acknowledged steps of this many milliseconds before the end; null: all since a save. */
  mayLoseMs: number | null;
  /** The longest time of load in a round. */
  mostLoadMs: number;
}

function appendOnly(fsync: string, mayLoseMs: number, mostLoadMs: number): Policy {
  return {
    mayLoseMs,
    mostLoadMs,
    args: (kind, random) => [
      ...["--appendonly", "yes", "--appendfsync", fsync, ...readableByBoth(kind)],
      ...["--aof-use-rdb-preamble", random.pick(["yes", "no"])],
      ...["--auto-aof-rewrite-min-size", random.pick(["64kb", "64mb"])],
    ],
  };
}

export const policies: Readonly<Record<PolicyName, Policy>> = {
  always: appendOnly("always", 0, 800),
  everysec: appendOnly("everysec", 2000, 3500),
  rdb: {
    mayLoseMs: null,
    mostLoadMs: 800,
    args: (kind, random) => [...readableByBoth(kind), "--rdbcompression", random.pick(["yes", "no"])],
  },
};

/** Redis 7.0 loads dumps up to version 10; redis-server itself does not know the option. */
function readableByBoth(kind: PeerKind): string[] {
  return kind === "sider" ? ["--rdb-version", "10"] : [];
}
