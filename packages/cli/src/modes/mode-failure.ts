/** How a mode ends that cannot go on: a message for a person, and exit code 1. */
import type { Reply } from "@sider/resp-protocol/client";
import { ConnectionError } from "../client/connection-error.ts";
import type { ModeContext, RunMode } from "./mode-context.ts";

/** What it was that went wrong, as binary text, in redis-cli's words where it has some. An empty message: it has been said. */
export class ModeFailure extends Error {}

/** The mode with its failures told. */
export function telling(run: RunMode): RunMode {
  return async (context: ModeContext) => {
    try {
      return await run(context);
    } catch (error) {
      if (!(error instanceof ModeFailure)) throw error;
      if (error.message !== "") context.screen.warnBinary(error.message);
      return 1;
    }
  };
}

/** What redis-cli says of a connection that ended while it waited for a reply. */
export const INPUT_OUTPUT_ERROR = "\nI/O error";

/** Waits for replies; a connection that ends instead is a failure with this message. */
export async function orFail<Result>(
  replies: Promise<Result>,
  message: (cause: ConnectionError) => string,
): Promise<Result> {
  try {
    return await replies;
  } catch (error) {
    if (error instanceof ConnectionError) throw new ModeFailure(message(error), { cause: error });
    throw error;
  }
}

/** Waits for all of these replies; when the connection ends before, `message` is about the first that is missing. */
export async function allReplies(
  replies: readonly Promise<Reply>[],
  message: (index: number, cause: ConnectionError) => string,
): Promise<Reply[]> {
  try {
    return await Promise.all(replies);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const outcomes = await Promise.allSettled(replies);
    const index = outcomes.findIndex(({ status }) => status === "rejected");
    throw new ModeFailure(message(index, error), { cause: error });
  }
}
