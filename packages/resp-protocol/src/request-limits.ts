/**
 * The bounds within which a request is accepted. One object is shared by all sessions of a server and may be changed while they run
 * (CONFIG SET proto-max-bulk-len); a header that was accepted stays accepted.
 */
export interface RequestLimits {
  /** Longest argument of a multibulk request: `proto-max-bulk-len`. */
  maxBulkBytes: number;
  /** Most arguments of a multibulk request. */
  maxArguments: number;
  /** Most bytes that may have come of one request that arrives in pieces: `client-query-buffer-limit`. At most 2^31 - 1, since offsets are int32. */
  maxRequestBytes: number;
  /** Longest argument that a client may send before it has authenticated. */
  unauthenticatedMaxBulkBytes: number;
  /** Most arguments that a client may send before it has authenticated. */
  unauthenticatedMaxArguments: number;
}

/** The limits of a Redis 7.2 server with the default configuration, with some of them replaced. */
export function createRequestLimits(replaced: Partial<RequestLimits> = {}): RequestLimits {
  return {
    maxBulkBytes: 512 * 1024 * 1024,
    maxArguments: 0x7fffffff,
    maxRequestBytes: 1024 * 1024 * 1024,
    unauthenticatedMaxBulkBytes: 16384,
    unauthenticatedMaxArguments: 10,
    ...replaced,
  };
}
