/** Somebody guesses passwords on many connections: he is slowed down, that is logged, and everyone else is served. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";

import { whileServing } from "../support/bystander.ts";
import { RawConnection } from "../support/connection.ts";
import { subjectKind, subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const connectionCount = 50;
const durationMs = 4000;
/** A hundred failures are free; then each connection has an answer at most every two seconds, here twice or thrice. */
const answersMaximum = 100 + connectionCount * 4;

describe.skipIf(!subjectPresent() || subjectKind !== "sider")("guessing passwords", () => {
  const server = useSubject(["--user", "someone", "on", ">secret", "+ping"]);

  test("is slow, and harms nobody", async () => {
    const { port } = server.current;
    const guessers = await Promise.all(Array.from({ length: connectionCount }, () => RawConnection.open(port)));
    let answers = 0;
    let isOver = false;
    const report = await whileServing(port, async () => {
      const guessing = guessers.map(guess);
      await sleep(durationMs);
      isOver = true;
      await Promise.all(guessing);
    });
    expect(answers).toBeGreaterThan(100);
    expect(answers).toBeLessThan(answersMaximum);
    expect(report.slowestMs).toBeLessThan(500);
    expect(server.current.log()).toContain("Possible guessing of passwords: 101 failed logins from 127.0.0.1");
    const admin = await RawConnection.open(port);
    expect(await admin.callText("ACL", "LOG")).toContain("someone");
    for (const connection of [...guessers, admin]) connection.close();

    async function guess(connection: RawConnection): Promise<void> {
      while (!isOver) {
        const reply = await connection.callText("AUTH", "someone", `guess ${answers}`);
        if (!reply.startsWith("-WRONGPASS")) throw new Error(reply);
        answers++;
      }
    }
  });
});
