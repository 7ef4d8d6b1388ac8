export { intsetAt, intsetBytes, intsetCount, type IntsetMember } from "./layout.ts";
export { intsetFind, validateIntset } from "./search.ts";
export { createIntset, intsetAdd, intsetRemove } from "./change.ts";
