/** The client inside sider-cli, as a library. The program itself is `main.ts`. */
export { addressText } from "./client/address.ts";
export type { ServerAddress } from "./client/address.ts";
export { Client, connect } from "./client/client.ts";
export type { ConnectOptions } from "./client/client.ts";
export { ConnectionError } from "./client/connection-error.ts";
export type { ConnectionProblem } from "./client/connection-error.ts";
export { parseUri } from "./client/uri.ts";
export type { ServerUri } from "./client/uri.ts";
export { ReplyError, VerbatimString } from "@sider/resp-protocol";
export type { Reply, ReplyOptions, RequestArgument } from "@sider/resp-protocol";
