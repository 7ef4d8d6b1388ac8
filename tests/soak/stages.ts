/** What `npm run soak` runs: the randomised tests of durability, each at the size at which its claim is made. */
import { policyNames } from "../crash/policies.ts";

export interface Stage {
  name: string;
  /** The claim. */
  claim: string;
  work: FuzzWork | CrashWork | FireWork;
}

/** A fuzz file of a package (as vitest finds it), and how many times its usual size makes full size. */
export interface FuzzWork {
  kind: "fuzz";
  folder: string;
  filter: string;
  fullScale: number;
}

/** The crash rig: its policy, and the rounds of full size. */
export interface CrashWork {
  kind: "crash";
  policy: (typeof policyNames)[number];
  rounds: number;
}

/** Snapshots under fire: how many at full size, and of what. */
export interface FireWork {
  kind: "fire";
  snapshots: number;
  fillers: number;
  largeElements: number;
}

const fullRounds = 500;

function fuzz(name: string, claim: string, file: string, fullScale: number): Stage {
  const [folder = "", filter = ""] = file.split(" ");
  return { name, claim, work: { kind: "fuzz", folder: `packages/${folder}`, filter, fullScale } };
}

export const stages: readonly Stage[] = [
  // 2000 dumps of all types at its usual size, and 400 files.
  fuzz("dumps", "20,000 mutated dumps: an error with an offset, nothing else", "persistence src/rdb.fuzz.ts", 10),
  fuzz(
    "files",
    "20,000 mutated files of redis-server's and ours: an error or data, soon, and no memory kept",
    "persistence src/rdb-files.fuzz.ts",
    50,
  ),
  fuzz(
    "prepared",
    "20,000 mutated files as two threads load them: the same data, or the same error, as one thread's",
    "persistence src/ahead/plain-dump.fuzz.ts",
    50,
  ),
  fuzz(
    "values",
    "mutated values of every type: refused, or a value that all can be done with",
    "persistence src/values/values.fuzz.ts",
    10,
  ),
  // 300 seeds at its usual size.
  fuzz(
    "disk",
    "10,000 seeds of a disk that fails and crashes: what was promised is there",
    "persistence src/aof/aof.fuzz.ts",
    34,
  ),
  fuzz(
    "snapshots",
    "hundreds of snapshots, each step between two random commands: what is in them is what was there",
    "server src/persistence/snapshot.fuzz.ts",
    10,
  ),
  {
    name: "fire",
    claim: "hundreds of snapshots of a server under load: each is one point in time",
    work: { kind: "fire", snapshots: 400, fillers: 100_000, largeElements: 20_000 },
  },
  {
    name: "fire-large",
    claim: "the same with values of a million elements",
    work: { kind: "fire", snapshots: 40, fillers: 100_000, largeElements: 1_000_000 },
  },
  ...policyNames.map((policy): Stage => ({
    name: `crash-${policy}`,
    claim: `${fullRounds} kills under load, policy ${policy}`,
    work: { kind: "crash", policy, rounds: fullRounds },
  })),
];
