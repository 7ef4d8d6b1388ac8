/** The client inside sider-cli, as a library. The program itself is `main.ts`. */
export { addressText } from "./client/address.ts";
export type { ServerAddress } from "./client/address.ts";
export { Client } from "./client/client.ts";
export type { ByteReceiver, ClientOptions } from "./client/client.ts";
export { connect } from "./client/connect.ts";
export type { ConnectOptions } from "./client/connect.ts";
export { ConnectionError } from "./client/connection-error.ts";
export type { ConnectionProblem } from "./client/connection-error.ts";
export { messages } from "./client/messages.ts";
export type { MessagesOptions } from "./client/messages.ts";
export { pipeline } from "./client/pipeline.ts";
export type { PipelineOptions, Request } from "./client/pipeline.ts";
export type { OpenOptions } from "./client/open-socket.ts";
export type { TlsConnectOptions } from "./client/tls-options.ts";
export { parseUri } from "./client/uri.ts";
export type { ServerUri } from "./client/uri.ts";
export { Elements, NumberText, ReplyError, VerbatimString } from "@sider/resp-protocol/client";
export type { Reply, ReplyOptions, RequestArgument } from "@sider/resp-protocol/client";
