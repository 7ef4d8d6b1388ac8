/**
 * Server URIs.
 *
 *     redis://[[user]:password@][host][:port][/database]      redis://password@host is a password too, as redis-cli has it
 *     rediss://...                                            the same over TLS
 *     unix://[[user]:password@]/path/of/socket[?db=database]
 *
 * User and password may be percent-encoded, and must be where they hold a colon (user), a percent sign, or in a unix URI a slash. A
 * host with colons stands in brackets: redis://[::1]:6379. The database may stand behind ?db= everywhere.
 */
import { DEFAULT_HOST, DEFAULT_PORT, type ServerAddress } from "./address.ts";

/** What a URI says. What it leaves out is undefined, except host and port, which have defaults. */
export interface ServerUri {
  readonly address: ServerAddress;
  readonly username?: string;
  readonly password?: string;
  readonly database?: number;
  readonly tls?: true;
}

const NETWORK_URI = /^redis(?<secure>s)?:\/\/(?:(?<userinfo>.*)@)?(?<rest>[^@]*)$/is;
const SOCKET_URI = /^unix:\/\/(?:(?<userinfo>[^/]*)@)?(?<rest>.*)$/is;
const HOST_PORT_PATH = /^(?<host>\[[^\]]*\]|[^:/?]*)(?::(?<port>\d+))?(?:\/(?<path>\d*))?(?:\?db=(?<query>\d+))?$/;
const SOCKET_PATH = /^(?<path>\/[^?]*)(?:\?db=(?<query>\d+))?$/;

/** Reads a URI. Throws an Error that says what is wrong with it. */
export function parseUri(text: string): ServerUri {
  const network = NETWORK_URI.exec(text)?.groups;
  const parts = network ?? SOCKET_URI.exec(text)?.groups;
  if (parts === undefined) throw new Error("Invalid URI scheme");
  const userinfo = parseUserinfo(parts["userinfo"]);
  const rest = parts["rest"] ?? "";
  if (network === undefined) return { ...userinfo, ...parseSocket(rest) };
  return { ...userinfo, ...parseHost(rest), ...(network["secure"] === undefined ? {} : { tls: true }) };
}

function parseUserinfo(userinfo: string | undefined): { username?: string; password?: string } {
  if (userinfo === undefined) return {};
  const colon = userinfo.indexOf(":");
  const username = colon < 0 ? "" : percentDecode(userinfo.slice(0, colon));
  const password = percentDecode(userinfo.slice(colon + 1));
  return username === "" ? { password } : { username, password };
}

function parseHost(text: string): { address: ServerAddress; database?: number } {
  const parts = HOST_PORT_PATH.exec(text)?.groups;
  if (parts === undefined) throw new Error("Invalid host, port or database number in URI");
  const port = parts["port"] === undefined ? DEFAULT_PORT : Number(parts["port"]);
  if (port > 65535) throw new Error("Invalid port in URI");
  const host = (parts["host"] ?? "").replace(/^\[(.*)\]$/, "$1") || DEFAULT_HOST;
  return { address: { kind: "tcp", host, port }, ...databaseOf(parts["query"] ?? parts["path"]) };
}

function parseSocket(text: string): { address: ServerAddress; database?: number } {
  const parts = SOCKET_PATH.exec(text)?.groups;
  if (parts === undefined) throw new Error("Invalid socket path in URI: unix:///path/of/socket expected");
  return { address: { kind: "unix", path: percentDecode(parts["path"] ?? "") }, ...databaseOf(parts["query"]) };
}

function databaseOf(digits: string | undefined): { database?: number } {
  return digits === undefined || digits === "" ? {} : { database: Number(digits) };
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("Illegal character in URI encoding");
  }
}
