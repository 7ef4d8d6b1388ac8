/** What redis-cli says of a connection that there is not. */
import { addressText, type ServerAddress } from "./address.ts";
import type { ConnectionError } from "./connection-error.ts";

/** The line for a person. */
export function connectionMessage({ problem, message }: ConnectionError, address: ServerAddress): string {
  switch (problem) {
    case "unreachable":
      return `Could not connect to Redis at ${plainAddress(address)}: ${message}`;
    case "options":
      return `Could not negotiate a TLS connection: ${message}`;
    case "closed":
      return `Error: ${message}`;
    case "protocol":
      return `Error: ${message} (does a Redis-compatible server listen at ${addressText(address)}?)`;
  }
}

/** Without brackets, as redis-cli has it in messages. */
export function plainAddress(address: ServerAddress): string {
  return address.kind === "unix" ? address.path : `${address.host}:${address.port}`;
}
