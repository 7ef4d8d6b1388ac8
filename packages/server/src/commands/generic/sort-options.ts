/** The arguments of SORT and SORT_RO: [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE destination] */
import { RefList } from "@sider/datastructures";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { patternHasStar } from "./sort-pattern.ts";

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
    else if (following >= 1 && context.is(index, "get")) sortOptions.getIndexes.push(++index);
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
}
