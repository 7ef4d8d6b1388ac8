/** Glob patterns over directive names: the engine's `matchGlob` for text, without regard to case. */
import { matchGlob } from "@sider/keyspace-engine";

const encoder = new TextEncoder();

/** True when the whole name matches the pattern. */
export function matchesGlobText(pattern: string, name: string): boolean {
  const patternBytes = encoder.encode(pattern);
  const nameBytes = encoder.encode(name);
  return matchGlob(patternBytes, 0, patternBytes.length, nameBytes, 0, nameBytes.length, true);
}
