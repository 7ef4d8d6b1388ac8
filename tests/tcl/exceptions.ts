/**
 * Tests of the suite that Sider is not held to, by file and name, each under the reason. Everything else must pass.
 */
export interface ExceptionGroup {
  reason: string;
  /** File of the suite -> names of its tests; a name that begins with / is a regular expression. */
  tests: Readonly<Record<string, readonly string[]>>;
}

export const exceptions: readonly ExceptionGroup[] = [];

/** The tests of a file that are left out. */
export function exceptionsOf(unit: string): string[] {
  return exceptions.flatMap((group) => group.tests[unit] ?? []);
}

/** True when a listed name stands for this test. */
export function isListedAs(listed: string, test: string): boolean {
  return listed.startsWith("/") ? new RegExp(listed.slice(1)).test(test) : listed === test;
}
