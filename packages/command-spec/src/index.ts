/** The public surface of @sider/command-spec. */

export type * from "./row.ts";
export { commandRows, commands, eachCommand, findCommand } from "./commands.ts";
export type { Command, CommandName, CommandNames, ContainerName } from "./commands.ts";
export {
  ACL_CATEGORIES,
  aclCategories,
  arityMatches,
  commandFlags,
  displayText,
  legacyKeyRange,
  orderedKeyFlags,
} from "./derived.ts";
export type { LegacyKeyRange } from "./derived.ts";
export { elementRange, firstElementAt } from "./elements.ts";
export type { ElementRange } from "./elements.ts";
export type { ArgumentSource, KeyReference } from "./key-functions.ts";
export { extractKeys, hasKeys } from "./keys.ts";
export { argumentUsage, typedName, usageText } from "./usage.ts";
export { completeNames, tokensOf } from "./completions.ts";
