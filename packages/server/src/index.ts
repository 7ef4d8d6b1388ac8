export { Server } from "./server.ts";
export * from "./config/index.ts";
export * from "./log/index.ts";
export { TcpConnection } from "./transport/tcp-connection.ts";
