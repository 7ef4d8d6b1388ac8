/**
 * A listening socket that is open when the call returns. `net.Server.listen` tells of a port in use in a later turn of the event loop, but
 * CONFIG SET must know before it replies, and inside a transaction nothing waits. Node makes such handles for its own cluster module;
 * a runtime without that function cannot move its sockets.
 */
import net from "node:net";

/** Node's handle of a listening socket: `net.Server.listen` takes it over. */
export interface ListeningHandle {
  listen(backlog: number): number;
  close(): void;
}

type CreateHandle = (
  address: string,
  port: number,
  family: 4 | 6,
  fd: number,
  flags: number,
) => ListeningHandle | number;

const IPV6_ONLY = 1;
const NO_DESCRIPTOR = -1;

const createHandle = (net as unknown as { _createServerHandle?: CreateHandle })._createServerHandle;

/** True where sockets can be opened within a call. */
export const canListenAtOnce = typeof createHandle === "function";

/** Binds an IP address and listens; the negative error number of the system when that fails. */
export function listenAtOnce(address: string, port: number, backlog: number): ListeningHandle | number {
  if (createHandle === undefined) throw new Error("This runtime opens no socket within a call");
  const family = net.isIPv6(address) ? 6 : 4;
  const handle = createHandle(address, port, family, NO_DESCRIPTOR, family === 6 ? IPV6_ONLY : 0);
  if (typeof handle === "number") return handle;
  const error = handle.listen(backlog);
  if (error === 0) return handle;
  handle.close();
  return error;
}
