/** What most test files begin with: one server of the kind under test for all tests of the file. */
import { afterAll, beforeAll } from "vitest";

import { type RunningServer, startServer, subjectKind } from "./server.ts";

/** Starts the server before the tests of the surrounding describe and stops it after them; read `.current` inside tests. */
export function useSubject(args: readonly string[] = []): { readonly current: RunningServer } {
  let server: RunningServer | null = null;
  beforeAll(async () => {
    server = await startServer({ kind: subjectKind, args });
  });
  afterAll(async () => {
    await server?.stop("SIGKILL");
  });
  return {
    get current(): RunningServer {
      if (server === null) throw new Error("the server has not started");
      return server;
    },
  };
}
