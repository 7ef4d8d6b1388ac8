/** What `npm run soak` runs: the randomised tests of durability, each at the size at which its claim is made. */
import { policyNames } from "../crash/policies.ts";

export interface Stage {
  name: string;
  /** The claim. */
  claim: string;
  /** A fuzz file of a package (as vitest finds it), and how many times its usual size makes full size; null for the crash rig. */
  fuzz: { folder: string; filter: string; fullScale: number } | null;
  /** The crash rig: its policy and the rounds of full size; null for a fuzz file. */
  crash: { policy: (typeof policyNames)[number]; rounds: number } | null;
}

const fullRounds = 500;

function fuzz(name: string, claim: string, filter: string, fullScale: number): Stage {
  return { name, claim, fuzz: { folder: "packages/persistence", filter, fullScale }, crash: null };
}

export const stages: readonly Stage[] = [
  fuzz("dumps", "20,000 mutated dumps: an error with an offset, nothing else", "src/rdb.fuzz.ts", 1),
  fuzz(
    "values",
    "mutated values of every type: refused, or a value that all can be done with",
    "src/values/values.fuzz.ts",
    10,
  ),
  // 300 seeds at its usual size.
  fuzz("disk", "10,000 seeds of a disk that fails and crashes: what was promised is there", "src/aof/aof.fuzz.ts", 34),
  fuzz("snapshots", "hundreds of snapshots while everything changes: each is one point in time", "src/snapshot/", 20),
  ...policyNames.map((policy) => ({
    name: `crash-${policy}`,
    claim: `${fullRounds} kills under load, policy ${policy}`,
    fuzz: null,
    crash: { policy, rounds: fullRounds },
  })),
];
