import { afterEach, expect, test, vi } from "vitest";
import { SteadyClock } from "./steady-clock.ts";

const START_MS = 1_700_000_000_000;

afterEach(() => {
  vi.restoreAllMocks();
});

/** A clock that has been set to the system's, and what moves both. */
function start(): { clock: SteadyClock; passed: (milliseconds: number) => void } {
  let sinceMs = 0;
  vi.spyOn(performance, "now").mockImplementation(() => sinceMs);
  const system = vi.spyOn(Date, "now").mockReturnValue(START_MS);
  const clock = new SteadyClock();
  clock.synchronise();
  return {
    clock,
    passed: (milliseconds) => {
      sinceMs += milliseconds;
      system.mockReturnValue(START_MS + Math.floor(sinceMs));
    },
  };
}

test("microseconds are those of the same millisecond", () => {
  const { clock, passed } = start();
  expect([clock.nowMs(), clock.nowMicroseconds()]).toEqual([START_MS, START_MS * 1000]);
  passed(1.25);
  expect([clock.nowMs(), clock.nowMicroseconds()]).toEqual([START_MS + 1, START_MS * 1000 + 1250]);
  for (let left = 10_000; left > 0; left--) {
    passed(0.9999);
    expect(Math.floor(clock.nowMicroseconds() / 1000)).toBe(clock.nowMs());
  }
});

test("microseconds leave the last look alone, which durations begin with", () => {
  const { clock, passed } = start();
  passed(5);
  clock.nowMs();
  passed(5);
  clock.nowMicroseconds();
  expect(clock.lastMs).toBe(5);
});

test("both follow the system's clock when it is set", () => {
  const { clock } = start();
  vi.spyOn(Date, "now").mockReturnValue(START_MS - 60_000);
  clock.synchronise();
  expect([clock.nowMs(), clock.nowMicroseconds()]).toEqual([START_MS - 60_000, (START_MS - 60_000) * 1000]);
});
