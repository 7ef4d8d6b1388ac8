/** INFO's section Clients. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

export function clientFields(server: Server): InfoFields {
  let largestInputBytes = 0;
  let largestOutputBytes = 0;
  const { waiting } = server.executor;
  let blocked = waiting.count;
  for (const session of server.sessions.values()) {
    largestInputBytes = Math.max(largestInputBytes, session.parser.pendingBytes);
    largestOutputBytes = Math.max(largestOutputBytes, session.transport.pendingBytes);
    if (session.paused) blocked++;
  }
  return [
    ["connected_clients", server.sessions.size],
    ["cluster_connections", 0],
    ["maxclients", server.configuration.get("maxclients")],
    ["client_recent_max_input_buffer", largestInputBytes],
    ["client_recent_max_output_buffer", largestOutputBytes],
    ["blocked_clients", blocked],
    ["tracking_clients", server.tracking.clientCount],
    ["clients_in_timeout_table", waiting.countWithTimeout],
    ["total_blocking_keys", waiting.queues.keyCount],
    ["total_blocking_keys_on_nokey", waiting.queues.countWaitedWhenGone()],
  ];
}
