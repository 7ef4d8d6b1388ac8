import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatLogTime, logOutput, Logger } from "./index.ts";

const noon = new Date(2026, 10, 3, 6, 4, 1, 23).getTime();

describe("log lines", () => {
  it("have pid, role, local time, mark and message", () => {
    const lines: string[] = [];
    const logger = new Logger({ pid: 77, now: () => noon, write: (line) => lines.push(line), level: "debug" });
    logger.debug("a");
    logger.verbose("b");
    logger.notice("c");
    logger.role = "C";
    logger.warning("d");
    expect(lines).toEqual([
      "77:M 03 Nov 2026 06:04:01.023 . a\n",
      "77:M 03 Nov 2026 06:04:01.023 - b\n",
      "77:M 03 Nov 2026 06:04:01.023 * c\n",
      "77:C 03 Nov 2026 06:04:01.023 # d\n",
    ]);
    expect(formatLogTime(noon)).toBe("03 Nov 2026 06:04:01.023");
  });

  it("below the level are dropped, and the level may change", () => {
    const lines: string[] = [];
    const logger = new Logger({ pid: 1, now: () => noon, write: (line) => lines.push(line) });
    logger.verbose("no");
    logger.level = "warning";
    logger.notice("no");
    logger.warning("yes");
    expect(lines).toHaveLength(1);
    expect(logger.shows("notice")).toBe(false);
  });

  it("go to a file, and are dropped when that cannot be written", () => {
    const folder = mkdtempSync(join(tmpdir(), "sider-log-"));
    const write = logOutput(join(folder, "log"));
    write("one\n");
    write("two\n");
    expect(readFileSync(join(folder, "log"), "utf8")).toBe("one\ntwo\n");
    logOutput(join(folder, "no", "log"))("lost\n");
    rmSync(folder, { recursive: true });
  });
});
