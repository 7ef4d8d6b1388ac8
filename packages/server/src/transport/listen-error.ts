/** Why a socket cannot be opened, in the words of the system. */
import { getSystemErrorMap } from "node:util";

/** Codes of an address that this machine does not have; an address marked optional may fail with them. */
const MISSING_ADDRESS_CODES = new Set([
  "EADDRNOTAVAIL",
  "EAFNOSUPPORT",
  "ENOPROTOOPT",
  "EPROTONOSUPPORT",
  "ESOCKTNOSUPPORT",
  "EINVAL",
]);

/** A socket that cannot be opened. The message is the log line that Redis gives. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** The code of a system's error, or "". */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The system's words for an error, as `strerror` has them. */
export function reasonOf(error: unknown): string {
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : 0;
  const reason = systemReason(errno);
  return reason === "" ? (error instanceof Error ? error.message : String(error)) : reason;
}

/** The same of a system's error number; empty when it is none. */
export function systemReason(errno: number): string {
  if (systemCodeOf(errno) === "EADDRNOTAVAIL") return "Cannot assign requested address";
  const text = getSystemErrorMap().get(errno)?.[1] ?? "";
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** True for the error number of an address that this machine does not have. */
export function isMissingAddress(errno: number): boolean {
  return isMissingAddressCode(systemCodeOf(errno));
}

/** The code of a system's error number, or "". */
export function systemCodeOf(errno: number): string {
  return getSystemErrorMap().get(errno)?.[0] ?? "";
}

/** True for the code of such an error. */
export function isMissingAddressCode(code: string): boolean {
  return MISSING_ADDRESS_CODES.has(code);
}
