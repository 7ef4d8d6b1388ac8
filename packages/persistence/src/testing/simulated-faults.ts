/** Faults for a simulated disk, drawn from a random source, so that a seed repeats them. */

import type { Below, Faults } from "./simulated-disk.ts";

/** How many of a thousand operations go wrong, by kind. What is not said never does. */
export interface FaultRates {
  /** Writes that take only a part. */
  readonly shortWrite?: number;
  /** Writes that find the disk full. */
  readonly noSpace?: number;
  readonly syncFailure?: number;
  /** Opens that find no free descriptor. */
  readonly noDescriptor?: number;
  readonly renameFailure?: number;
  readonly unlinkFailure?: number;
  readonly truncateFailure?: number;
}

export function randomFaults(below: Below, rates: FaultRates): Faults {
  const happens = (rate: number | undefined): boolean => rate !== undefined && below(1000) < rate;
  return (operation, _path, byteLength) => {
    switch (operation) {
      case "write":
        if (happens(rates.noSpace)) return "ENOSPC";
        return byteLength > 1 && happens(rates.shortWrite) ? 1 + below(byteLength - 1) : null;
      case "sync":
        return happens(rates.syncFailure) ? "EIO" : null;
      case "open":
        return happens(rates.noDescriptor) ? "EMFILE" : null;
      case "rename":
        return happens(rates.renameFailure) ? "EIO" : null;
      case "unlink":
        return happens(rates.unlinkFailure) ? "EIO" : null;
      case "truncate":
        return happens(rates.truncateFailure) ? "EIO" : null;
      default:
        return null;
    }
  };
}
