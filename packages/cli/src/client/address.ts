/** Where a server listens: a TCP port or a Unix socket. */

export type ServerAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 6379;

/** The address as messages name it: `host:port`, `[::1]:port` or the path of the socket. */
export function addressText(address: ServerAddress): string {
  if (address.kind === "unix") return address.path;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
