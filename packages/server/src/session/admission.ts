/** Which connections a server takes: not too many, and without a password none from other machines. */
import type { Server } from "../server.ts";
import type { Transport } from "./transport.ts";

const TOO_MANY_CLIENTS = "-ERR max number of clients reached\r\n";

/** To the letter as Redis says it: clients show it to people, who look for it. */
const PROTECTED =
  "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. " +
  "In this mode connections are only accepted from the loopback interface. " +
  "If you want to connect from external computers to Redis you may adopt one of the following solutions: " +
  "1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback interface " +
  "by connecting to Redis from the same host the server is running, however MAKE SURE Redis is not publicly accessible " +
  "from internet if you do so. Use CONFIG REWRITE to make this change permanent. " +
  "2) Alternatively you can just disable the protected mode by editing the Redis configuration file, " +
  "and setting the protected mode option to 'no', and then restarting the server. " +
  "3) If you started the server manually just for testing, restart it with the '--protected-mode no' option. " +
  "4) Setup a an authentication password for the default user. " +
  "NOTE: You only need to do one of the above things in order for the server to start accepting connections from the outside.\r\n";

/** Why a new connection is not taken, as the bytes to send before it is closed; null when it is taken. */
export function admissionRefusal(server: Server, transport: Transport): string | null {
  if (server.sessions.size >= server.configuration.get("maxclients")) return TOO_MANY_CLIENTS;
  const isProtected = server.configuration.get("protected-mode") && server.users.defaultUser.needsNoPassword;
  return isProtected && !transport.isLoopback ? PROTECTED : null;
}
