export { Server } from "./server.ts";
export * from "./config/index.ts";
export * from "./log/index.ts";
export {
  createServer,
  type Directives,
  type DirectiveWords,
  type ListenOptions,
  type ServerEnvironment,
  SiderServer,
} from "./create-server.ts";
export type { ShutdownRequest } from "./shutdown.ts";
export { AofError, LoadError } from "@sider/persistence";
export { LoadCancelled } from "./persistence/loading.ts";
export { UsersError } from "./acl/user-file.ts";
export { ListenError } from "./transport/listen-error.ts";
export type { DirectClient } from "./transport/direct-client.ts";
export { REDIS_VERSION, SIDER_VERSION } from "./version.ts";
