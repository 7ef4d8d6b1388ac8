/** Users as text, in the one form in which Redis prints them; as rules it makes the same user again. */
import { ACCESS_ALL, ACCESS_READ } from "./selector.ts";
import type { KeyPattern, Selector } from "./selector.ts";
import type { User } from "./user.ts";

/** The words that say who may log in, and whether payloads are checked. */
export function flagsOf(user: User): string[] {
  return [
    user.isEnabled ? "on" : "off",
    ...(user.needsNoPassword ? ["nopass"] : []),
    user.skipsSanitizing ? "skip-sanitize-payload" : "sanitize-payload",
  ];
}

/** The rules of commands: what it begins with, and then each in its order. */
export function commandRulesOf(selector: Selector): string {
  const rules = [selector.beginsWithAll ? "+@all" : "-@all"];
  for (const [rule, isAllowed] of selector.commandRules) rules.push(`${isAllowed ? "+" : "-"}${rule}`);
  return rules.join(" ");
}

/** The rules of keys; "" when there are none. */
export function keyRulesOf(selector: Selector): string {
  return selector.allowsAllKeys ? "~*" : selector.keyPatterns.map(keyRule).join(" ");
}

/** `~*` by itself would be the rule that allows all keys, after which no other pattern may follow. */
function keyRule({ access, text }: KeyPattern): string {
  if (access === ACCESS_ALL) return text === "*" ? "%RW~*" : `~${text}`;
  return `${access === ACCESS_READ ? "%R" : "%W"}~${text}`;
}

/** The rules of channels; "" when there are none. */
export function channelRulesOf(selector: Selector): string {
  return selector.allowsAllChannels ? "&*" : selector.channels.map(({ text }) => `&${text}`).join(" ");
}

function describeSelector(selector: Selector): string {
  const channels = channelRulesOf(selector);
  const parts = [
    keyRulesOf(selector),
    selector.allowsAllChannels ? "" : "resetchannels",
    channels,
    commandRulesOf(selector),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** A user as a line of a configuration or ACL file. */
export function describeUser(user: User): string {
  const [root, ...others] = user.selectors;
  return [
    "user",
    user.name,
    ...flagsOf(user),
    ...user.passwords.map((hash) => `#${hash}`),
    describeSelector(root),
    ...others.map((selector) => `(${describeSelector(selector)})`),
  ].join(" ");
}
