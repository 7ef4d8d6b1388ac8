import { expect, test } from "vitest";
import { checkLines, checkSystem } from "./system-check.ts";

const BACKLOG = 511;

function warnings(files: Readonly<Record<string, string>>): string[] {
  return checkSystem(BACKLOG, (path) => files[path] ?? null).flatMap(({ name, warning }) =>
    warning === null ? [] : [name],
  );
}

test("a system without the kernel's files, or with good ones, is fine", () => {
  expect(warnings({})).toEqual([]);
  const good = {
    "/proc/sys/vm/overcommit_memory": "1\n",
    "/proc/sys/net/core/somaxconn": "4096\n",
    "/proc/self/limits": "Max open files            1024                 524288               files\n",
  };
  expect(warnings(good)).toEqual([]);
});

test("each trouble has its line", () => {
  const bad = {
    "/proc/sys/vm/overcommit_memory": "2\n",
    "/proc/sys/net/core/somaxconn": "128\n",
    "/proc/self/limits": "Max open files            256                 524288               files\n",
  };
  expect(warnings(bad)).toEqual(["overcommit", "tcp-backlog", "open-files"]);
  const lines = checkLines(checkSystem(BACKLOG, (path) => (path.endsWith("somaxconn") ? "128" : null)));
  expect(lines).toContain("[overcommit]...OK\n");
  expect(lines).toContain("[tcp-backlog]...WARNING:\nThe TCP backlog setting of 511 cannot be enforced");
});
