/**
 * A listening socket of Node, and what it accepts: as sockets, or as handles without one.
 *
 * `net.Server` makes a socket of each connection: two streams with their states. Sessions need another one, which reads as they do, so
 * that would be made for nothing. So handles are taken where Node's own code takes them (CPU of a client that comes, asks once and goes:
 * 31 us with Node's socket, 24 without; redis-server 17). Where Node has something else, its socket is made, and gives its handle up.
 */
import { createServer } from "node:net";
import type { Server as NetServer, Socket } from "node:net";
import type { Server } from "../server.ts";
import { reasonOf } from "./listen-error.ts";
import type { StreamHandle } from "./stream-handle.ts";

/** Node's handle of a listening socket: what it calls for each connection, with a negative status where there is none. */
interface AcceptingHandle {
  onconnection?: (this: AcceptingHandle, status: number, accepted: StreamHandle | undefined) => void;
}

/** A listener whose connections are given to `accept` as sockets, paused; what goes wrong while it listens is logged. */
export function createSocketListener(server: Server, accept: (socket: Socket) => void): NetServer {
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
  return listener.on("error", (error) => {
    if (listener.listening) server.log.warning(`Accepting client connection: ${reasonOf(error)}`);
  });
}

/** The same, whose connections are given to `accept` as handles that do not read yet. */
export function createHandleListener(server: Server, accept: (handle: StreamHandle) => void): NetServer {
  const listener = createSocketListener(server, (socket) => {
    accept(detachHandle(socket));
  });
  return listener.on("listening", () => {
    acceptPastSockets(listener, accept);
  });
}

/** Done when the connections that it took as sockets have ended. */
export function closeListener(listener: NetServer): Promise<void> {
  return new Promise((resolve) => {
    listener.close(() => {
      resolve();
    });
  });
}

/** Errors still go to the listener. */
function acceptPastSockets(listener: NetServer, accept: (handle: StreamHandle) => void): void {
  const handle = (listener as unknown as { _handle: AcceptingHandle | null })._handle;
  const ofNode = handle?.onconnection;
  if (handle === null || typeof ofNode !== "function") return;
  handle.onconnection = function (status, accepted) {
    if (status !== 0 || accepted === undefined) ofNode.call(this, status, accepted);
    else accept(accepted);
  };
}

/** The handle of a socket. Throws when it has none. */
export function handleOf(socket: Socket): StreamHandle {
  const handle = (socket as unknown as { _handle: StreamHandle | null })._handle;
  if (handle === null) throw new Error("the socket has no handle");
  return handle;
}

/** Takes the handle of a socket, which is of no use then. */
function detachHandle(accepted: Socket): StreamHandle {
  const handle = handleOf(accepted);
  (accepted as unknown as { _handle: StreamHandle | null })._handle = null;
  accepted.on("error", () => undefined);
  accepted.destroy();
  return handle;
}
