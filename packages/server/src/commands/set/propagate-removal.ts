/** Members that a command has drawn and removed, propagated as SREM commands of up to 1024 members (as Redis 7.2 does). */
import type { Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

const MEMBERS_A_COMMAND = 1024;

/** Propagates the removal of a member of the set in argument 1: number `index` of `total`, which must all follow. The request is not. */
export function propagateRemoval(context: CommandContext, member: Slice, index: number, total: number): void {
  const { propagation } = context.server;
  if (propagation === null) return;
  if (index % MEMBERS_A_COMMAND === 0) {
    propagation.suppress();
    propagation.begin(context.database.index, 2 + Math.min(total - index, MEMBERS_A_COMMAND));
    propagation.word("SREM");
    propagation.word(context.key(1));
  }
  propagation.word(member);
}
