/** What all modes are to their surroundings, and their surroundings to them. */
import type { Options } from "../options/options.ts";
import type { ProgramProcess } from "../process.ts";
import type { Screen } from "../screen.ts";
import type { Session } from "../session/session.ts";

/** What a mode works with. The session is not connected yet. */
export interface ModeContext {
  readonly session: Session;
  readonly screen: Screen;
  readonly options: Options;
  readonly process: ProgramProcess;
  /** Whether a person looks at the output. */
  readonly isTerminal: boolean;
}

/** Resolves with the exit code. */
export type RunMode = (context: ModeContext) => Promise<number>;
