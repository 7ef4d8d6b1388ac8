export { Server } from "./server.ts";
export * from "./config/index.ts";
export * from "./log/index.ts";
export { TcpConnection } from "./transport/tcp-connection.ts";
export {
  createServer,
  type Directives,
  type DirectiveWords,
  type ServerEnvironment,
  SiderServer,
} from "./create-server.ts";
export { ListenError } from "./transport/listeners.ts";
