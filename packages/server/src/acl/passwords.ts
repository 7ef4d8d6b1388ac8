/** Passwords are kept as the SHA-256 of their bytes, in 64 lower-case hexadecimal digits. */
import { createHash } from "node:crypto";

const HASH = /^[0-9a-f]{64}$/;

/** The hash of a password (Latin-1 text of its bytes). */
export function hashPassword(password: string): string {
  return createHash("sha256").update(password, "latin1").digest("hex");
}

export function isPasswordHash(text: string): boolean {
  return HASH.test(text);
}

/** Whether a hash is among those of a user, in a time that does not tell where they differ. */
export function includesHash(hashes: readonly string[], hash: string): boolean {
  let isFound = false;
  for (const known of hashes) {
    let difference = 0;
    for (let at = 0; at < hash.length; at++) difference |= hash.charCodeAt(at) ^ known.charCodeAt(at);
    isFound ||= difference === 0;
  }
  return isFound;
}
