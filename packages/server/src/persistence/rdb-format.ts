/** How the configuration wants dumps to be written. */
import type { Configuration } from "../config/index.ts";

/** The options of a writer of dumps, as the directives are now. */
export function rdbFormat(configuration: Configuration): { version: 10 | 11; checksum: boolean; compression: boolean } {
  return {
    version: configuration.get("rdb-version") === 10 ? 10 : 11,
    checksum: configuration.get("rdbchecksum"),
    compression: configuration.get("rdbcompression"),
  };
}
