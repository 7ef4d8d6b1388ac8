/** A responder for each test of a file that wants one. */
import { afterEach } from "vitest";
import { startResponder, type Respond, type Responder } from "./responder.ts";

/** To be called at the top of a file: gives what starts a responder, ends it after the test, and says with which options to reach it. */
export function useResponder(): (respond: Respond) => Promise<string[]> {
  let server: Responder | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  return async (respond) => {
    server = await startResponder(respond);
    return ["-p", String(server.port)];
  };
}
