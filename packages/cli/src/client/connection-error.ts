/** Why there is no connection (any more), in words that can be shown to a person. */

/**
 * - `unreachable`: no connection could be made; nothing was sent.
 * - `options`: what TLS is to work with (certificates, key, ciphers) is wrong; nothing was sent, and trying again does not help.
 * - `closed`: the connection ended; whether commands without a reply were executed is unknown.
 * - `protocol`: what came is not RESP.
 */
export type ConnectionProblem = "unreachable" | "options" | "closed" | "protocol";

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
  EISDIR: "Is a directory",
  ENOENT: "No such file or directory",
  ENOTFOUND: "Name or service not known",
  ENOSPC: "No space left on device",
  EPIPE: "Broken pipe",
  ETIMEDOUT: "Connection timed out",
};

/** What node:tls adds to an error of OpenSSL. */
interface TlsError extends NodeJS.ErrnoException {
  readonly reason?: string;
}

/** The message for an error of a socket or a file. */
export function socketErrorText(error: TlsError): string {
  return WORDS[error.code ?? ""] ?? error.reason ?? error.message;
}

/** The message for an error in a TLS handshake, as redis-cli begins it. */
export function handshakeErrorText(error: TlsError): string {
  const isOfSocket = error.syscall !== undefined || /^(ERR_O?SSL_|ABORT_ERR)/.test(error.code ?? "");
  if (isOfSocket) return `SSL_connect failed: ${socketErrorText(error)}`;
  if (error.code === "ECONNRESET") return "SSL_connect failed: Server closed the connection";
  return `SSL_connect failed: certificate verify failed (${error.message})`;
}
