/** The arguments of SORT and SORT_RO: [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE destination] */
import { RefList } from "@sider/datastructures";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { GATE_ACL } from "../../session/session.ts";
import { patternHasStar } from "./sort-pattern.ts";

const BY_DENIED = "ERR BY option of SORT denied due to insufficient ACL permissions.";
const GET_DENIED = "ERR GET option of SORT denied due to insufficient ACL permissions.";

/** What was read last; indexes are those of arguments, 0 for what was not given. */
export const sortOptions = {
  descending: false,
  alphabetical: false,
  /** A BY without a star: nothing is sorted. It stays so though another BY follows, as in Redis. */
  keepsOrder: false,
  byIndex: 0,
  storeIndex: 0,
  offset: 0,
  /** Negative: all. */
  limit: -1,
  getIndexes: new RefList(),
};

/** Reads the options of a command that may store or not; refuses and gives false. */
export function readSortOptions(context: CommandContext, mayStore: boolean): boolean {
  resetOptions();
  for (let index = 2; index < context.count; index++) {
    const following = context.count - index - 1;
    if (context.is(index, "asc")) sortOptions.descending = false;
    else if (context.is(index, "desc")) sortOptions.descending = true;
    else if (context.is(index, "alpha")) sortOptions.alphabetical = true;
    else if (following >= 2 && context.is(index, "limit")) {
      sortOptions.offset = context.integer(++index);
      sortOptions.limit = context.integer(++index);
    } else if (following >= 1 && mayStore && context.is(index, "store")) sortOptions.storeIndex = ++index;
    else if (following >= 1 && context.is(index, "by")) readBy(context, ++index);
    else if (following >= 1 && context.is(index, "get")) readGet(context, ++index);
    else context.refuse(SYNTAX_ERROR);
    if (context.error !== null) return false;
  }
  return true;
}

function resetOptions(): void {
  sortOptions.descending = false;
  sortOptions.alphabetical = false;
  sortOptions.keepsOrder = false;
  sortOptions.byIndex = 0;
  sortOptions.storeIndex = 0;
  sortOptions.offset = 0;
  sortOptions.limit = -1;
  sortOptions.getIndexes.count = 0;
}

function readBy(context: CommandContext, index: number): void {
  sortOptions.byIndex = index;
  if (!patternHasStar(context.value(index))) sortOptions.keepsOrder = true;
  else if (!mayReadEveryKey(context)) context.refuse(BY_DENIED);
}

function readGet(context: CommandContext, index: number): void {
  if (!mayReadEveryKey(context)) return context.refuse(GET_DENIED);
  sortOptions.getIndexes.push(index);
}

/** What the patterns of BY and GET lead to may be any key. */
function mayReadEveryKey(context: CommandContext): boolean {
  return (context.session.gates & GATE_ACL) === 0 || context.server.access.mayReadEveryKey(context);
}
