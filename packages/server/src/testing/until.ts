/** Waiting in tests for what another thread does. */

/** Resolves once it is so; looks every few milliseconds, and fails after five seconds. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries === 1000) throw new Error("it never became so");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
