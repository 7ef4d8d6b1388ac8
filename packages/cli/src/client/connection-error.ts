/** Why there is no connection (any more), in words that can be shown to a person. */

/**
 * - `unreachable`: no connection could be made; nothing was sent.
 * - `closed`: the connection ended; whether commands without a reply were executed is unknown.
 * - `protocol`: what came is not RESP.
 */
export type ConnectionProblem = "unreachable" | "closed" | "protocol";

export class ConnectionError extends Error {
  readonly problem: ConnectionProblem;

  constructor(problem: ConnectionProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ConnectionError";
    this.problem = problem;
  }
}

/** The words of the C library for what happens often; Node's own messages name system calls. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EADDRNOTAVAIL: "Cannot assign requested address",
  EAI_AGAIN: "Temporary failure in name resolution",
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection reset by peer",
  EHOSTUNREACH: "No route to host",
  ENETUNREACH: "Network is unreachable",
  ENOENT: "No such file or directory",
  ENOTFOUND: "Name or service not known",
  EPIPE: "Broken pipe",
  ETIMEDOUT: "Connection timed out",
};

/** The message for an error of a socket. */
export function socketErrorText(error: NodeJS.ErrnoException): string {
  return WORDS[error.code ?? ""] ?? error.message;
}
