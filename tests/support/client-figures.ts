/** What INFO says of a server's clients. */
import type { RawConnection } from "./connection.ts";

export interface ClientFigures {
  connected: number;
  blocked: number;
  /** Bytes of buffers and queues of all clients. */
  memoryBytes: number;
  /** Bytes of keys and values, and of clients. */
  usedBytes: number;
  rejected: number;
}

export async function clientFigures(connection: RawConnection): Promise<ClientFigures> {
  const info = await connection.callText("INFO", "everything");
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)\\r$`, "m").exec(info)?.[1]);
  return {
    connected: field("connected_clients"),
    blocked: field("blocked_clients"),
    memoryBytes: field("mem_clients_normal"),
    usedBytes: field("used_memory"),
    rejected: field("rejected_connections"),
  };
}
