/** ROLE. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { REPLICATION_OFFSET, ROLE } from "../../info/constant.ts";

/** ROLE: what INFO's section Replication says, for programs: of a primary its offset and its replicas. O(1). */
export function role(context: CommandContext): void {
  const { reply } = context;
  reply.arrayHeader(3);
  reply.bulkLatin1(ROLE);
  reply.integer(REPLICATION_OFFSET);
  reply.arrayHeader(0);
}
