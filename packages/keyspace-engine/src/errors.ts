/** The heap has no room for what was asked. Nothing has changed: every operation secures its memory first. */
export class OutOfMemoryError extends Error {
  override readonly name = "OutOfMemoryError";

  constructor() {
    super("out of memory");
  }
}
