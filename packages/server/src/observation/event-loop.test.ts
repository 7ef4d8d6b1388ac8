import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import { EventLoopMeter, jointTurns } from "./event-loop.ts";

let meter: EventLoopMeter;

beforeEach(() => {
  meter = new EventLoopMeter();
});

afterEach(() => {
  jointTurns.isOpen = false;
});

function serve(startMs: number, endMs: number, commands: number): void {
  meter.enter(startMs);
  meter.commands += commands;
  meter.leave(endMs);
}

/** Sessions whose replies leave together, at `endMs`. */
function joint(endMs: number, sessions: () => void): void {
  jointTurns.isOpen = true;
  sessions();
  jointTurns.isOpen = false;
  jointTurns.ended++;
  jointTurns.endedMs = endMs;
}

function most(): number[] {
  return [meter.commandsMaximum, meter.longestMs];
}

describe("turns", () => {
  test("of one session each: the one with most commands, and the longest", () => {
    serve(10, 12, 3);
    serve(20, 27, 1);
    serve(30, 31, 2);
    expect(most()).toEqual([3, 7]);
  });

  test("of several sessions end when their replies have left", () => {
    joint(25, () => {
      serve(10, 12, 3);
      serve(12, 15, 4);
    });
    serve(30, 31, 1);
    expect(most()).toEqual([7, 15]);
  });

  test("that followed on it without this server do not make one longer", () => {
    joint(15, () => serve(10, 12, 3));
    joint(100, () => undefined);
    serve(200, 201, 1);
    expect(most()).toEqual([3, 2]);
  });

  test("whose times are not known are counted without", () => {
    serve(-1, 12, 3);
    expect(most()).toEqual([3, 0]);
  });

  test("of the timer count too", () => {
    meter.addTick(5);
    meter.addTick(2);
    expect([meter.timerMs, ...most()]).toEqual([7, 0, 5]);
  });
});

test("a reset forgets everything", () => {
  serve(10, 12, 3);
  meter.addTick(5);
  meter.reset();
  expect([meter.timerMs, meter.appendOnlyMs, ...most()]).toEqual([0, 0, 0, 0]);
  expect(meter.cycles).toBeLessThan(3);
  expect(meter.busyMs).toBeLessThan(1000);
});

test("the means are turns a second, and what a turn takes, as the event loop counts them", async () => {
  const spin = (): void => {
    const endMs = performance.now() + 1;
    while (performance.now() < endMs);
  };
  meter.sample(1000);
  const [cycles, busyMs] = [meter.cycles, meter.busyMs];
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    spin();
  }
  const grown = meter.cycles - cycles;
  meter.sample(2000);
  expect(grown).toBeGreaterThanOrEqual(20);
  expect(meter.busyMs - busyMs).toBeGreaterThanOrEqual(19);
  // One of sixteen samples: the others are still 0.
  expect(meter.cycleRate.perSecond).toBeCloseTo(grown / 16, 0);
  expect(meter.cycleMicroseconds.perSecond * 16 * grown).toBeGreaterThanOrEqual(19_000);
});

describe("commands of a turn", () => {
  function mostOf(input: string): number {
    const { connect, server } = createTestServer();
    connect().sendRaw(input);
    return server.loop.commandsMaximum;
  }

  test("are those that were executed", () => {
    expect(mostOf("PING\r\nPING\r\nPING\r\n")).toBe(3);
    expect(mostOf("PING\r\nNOSUCH\r\nGET\r\nPING\r\n")).toBe(2);
  });

  test("are those that EXEC executes, not those that are queued", () => {
    expect(mostOf("MULTI\r\nPING\r\nPING\r\n")).toBe(1);
    expect(mostOf("MULTI\r\nPING\r\nPING\r\nEXEC\r\n")).toBe(4);
    expect(mostOf("MULTI\r\nPING\r\nNOSUCH\r\nEXEC\r\n")).toBe(2);
  });
});
