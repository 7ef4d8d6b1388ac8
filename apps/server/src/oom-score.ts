/**
 * `oom-score-adj` and `oom-score-adj-values`: how soon the kernel ends this process when memory runs out. The first of the values is that of a
 * primary; a replica would take the second, and the third belongs to forked children, which a Sider does not have.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type Configuration, ConfigurationError, type Logger } from "@sider/server";

const PATH = "/proc/self/oom_score_adj";
const LIMIT = 1000;

/** Sets the score now and after each CONFIG SET. A score that cannot be set at the start is logged only. */
export function followOomScore(configuration: Configuration, log: Logger): void {
  const score = new OomScore(configuration, log);
  score.apply();
  const follow = (): void => {
    if (!score.apply()) throw new ConfigurationError("Failed to set current oom_score_adj. Check server logs.");
  };
  configuration.onChange("oom-score-adj", follow);
  configuration.onChange("oom-score-adj-values", follow);
}

class OomScore {
  /** What it was before this process changed it; null while it has not. */
  private base: number | null = null;
  private readonly configuration: Configuration;
  private readonly log: Logger;

  constructor(configuration: Configuration, log: Logger) {
    this.configuration = configuration;
    this.log = log;
  }

  /** False when the system does not allow it: the log says why. */
  apply(): boolean {
    const mode = this.configuration.get("oom-score-adj");
    if (mode === "no" && this.base === null) return true;
    try {
      this.base ??= Number.parseInt(readFileSync(PATH, "latin1"), 10);
      const value = this.configuration.get("oom-score-adj-values")[0] ?? 0;
      const wanted = mode === "no" ? this.base : mode === "absolute" ? value : this.base + value;
      if (mode === "no") this.base = null;
      writeFileSync(PATH, `${String(Math.max(-LIMIT, Math.min(LIMIT, wanted)))}\n`);
      return true;
    } catch (error) {
      this.log.warning(`Unable to write oom_score_adj: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
}
