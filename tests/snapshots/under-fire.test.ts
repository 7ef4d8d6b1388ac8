/** A slice of the snapshots under fire for every `npm test`, with a new seed each time; `npm run soak` takes hundreds. */
import { describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { Random, seedOfRun } from "../support/random.ts";
import { subjectKind, subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";
import { makeInvariants, runUnderFire } from "./under-fire.ts";

const seed = seedOfRun();

describe.skipIf(!subjectPresent())("snapshots while everything changes", () => {
  test("each is one point in time", { timeout: 120_000 }, async () => {
    const options = { kind: subjectKind, seed, snapshots: 12, fillers: 30_000, largeElements: 10_000 };
    const { failure, commands, changesMeanwhile } = await runUnderFire(options);
    console.log(`seed ${seed}: ${commands} commands, ${changesMeanwhile} changes of counters during snapshots`);
    expect(failure).toBeNull();
    expect(changesMeanwhile).toBeGreaterThan(0);
  });
});

describe.skipIf(!subjectPresent())("the check of a snapshot", () => {
  const server = useSubject();

  test.each<[name: string, ...changes: string[][]]>([
    ["transfers", ["INCRBY", "transfer:string:0", "1"]],
    ["transfers", ["INCR", "transfer:count"]],
    ["transfers", ["SMOVE", "transfer:set:0", "transfer:nowhere", "token:0"], ["SPOP", "transfer:set:1"]],
    ["databases", ["INCR", "databases:swaps"]],
    ["databases", ["SELECT", "1"], ["SET", "page:7", "another"], ["SELECT", "0"]],
    ["wanderers", ["DEL", "wander:0", "wander:1", "wander:2"]],
    ["wanderers", ["PEXPIRE", "pair:0:b", "100000"]],
    ["large values", ["HINCRBY", "large:hash:0", "element:7", "1"]],
    ["large values", ["LPOP", "large:list:1"]],
    ["chain:1", ["INCR", "chain:1:string:0"], ["INCR", "chain:1:string:0"]],
    ["chain:0", ["INCR", "chain:0:string:0"]],
  ])("of %s sees %j", async (name, ...changes) => {
    const random = new Random(1);
    const invariant = makeInvariants(100, random).find((each) => each.name === name);
    if (invariant === undefined) throw new Error(name);
    const connection = await RawConnection.open(server.current.port);
    const steps = Array.from({ length: 100 }, () => invariant.next(random)).flat();
    await connection.pipeline([["FLUSHALL"], ...invariant.setUp(), ...steps]);
    invariant.answered?.();
    const { least, most } = invariant.progress?.() ?? { least: 0, most: 0 };
    expect(await invariant.fault(connection, least, most)).toBeNull();
    await connection.pipeline(changes);
    expect(await invariant.fault(connection, least, most)).not.toBeNull();
    connection.close();
  });
});
