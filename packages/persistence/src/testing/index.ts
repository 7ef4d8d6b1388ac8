/** For the tests of who builds on this package: a disk that fails and crashes from a seed. */

export { SimulatedDisk, systemError } from "./simulated-disk.ts";
export type { Below, DiskOperation, Faults } from "./simulated-disk.ts";
export { randomFaults } from "./simulated-faults.ts";
export type { FaultRates } from "./simulated-faults.ts";
export { keyspaceContents } from "./contents.ts";
