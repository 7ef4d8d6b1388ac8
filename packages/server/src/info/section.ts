/** What a section of INFO is: a title and lines of `name:value`. */
import type { Server } from "../server.ts";

export type InfoFields = readonly (readonly [name: string, value: string | number])[];

export interface InfoSection {
  readonly title: string;
  readonly describe: (server: Server) => InfoFields;
}

const UNITS = ["B", "K", "M", "G", "T", "P"];

/** A count of bytes as people read it: "512B", "1.06M". */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)}B`;
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** unit).toFixed(2)}${UNITS[unit]}`;
}

/** 1 or 0. */
export function flag(isSet: boolean): number {
  return isSet ? 1 : 0;
}
