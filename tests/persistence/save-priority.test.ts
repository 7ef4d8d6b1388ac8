/** The thread that saves comes after the one that answers, where the system tells threads apart. */
import { describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { nicenessOfThreads } from "../support/processes.ts";
import { subjectKind, subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const isReady = subjectPresent() && subjectKind === "sider" && process.platform === "linux";

describe.skipIf(!isReady)("during a background save", () => {
  const server = useSubject(["--rdb-key-save-delay", "1000", "--enable-debug-command", "yes"]);

  test("one thread is nicer than the others, and the one that answers is not", async () => {
    const { port, pid } = server.current;
    const connection = await RawConnection.open(port);
    await connection.pipeline([["DEBUG", "POPULATE", "100000"], ["BGSAVE"]]);
    const own = nicenessOfThreads(pid).get(pid) ?? NaN;
    const nicer = (): number[] => [...nicenessOfThreads(pid).values()].filter((niceness) => niceness > own);
    await expect.poll(nicer, { timeout: 10_000 }).toHaveLength(1);
    expect(nicer()[0]).toBe(Math.min(own + 10, 19));
    connection.close();
  });
});
