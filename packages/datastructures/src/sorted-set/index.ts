export { nextMember, previousMember, scoreAtCursor, seekRank, SortedSetCursor } from "./cursor.ts";
export { countBelowBytes, countBelowScore } from "./descend.ts";
export { compareMembers, compareMemberTo, scoreOf } from "./member-block.ts";
export {
  addMember,
  changeScore,
  copySortedSet,
  createSortedSet,
  destroySortedSet,
  findMember,
  freeSomeOfSortedSet,
  memberAtRank,
  memberTableOf,
  rankOfMember,
  removeMember,
  removeRanks,
  reserveMembers,
  sortedSetBytes,
  sortedSetCount,
} from "./sorted-set.ts";
