/**
 * The rules of a user, one word each; those of a selector (`selector-rules.ts`) are about its root:
 *
 *     on off skip-sanitize-payload sanitize-payload reset
 *     >password <password #hash !hash nopass resetpass
 *     (rule rule ...) clearselectors
 */
import { splitArguments } from "../config/quoting.ts";
import { hashPassword, isPasswordHash } from "./passwords.ts";
import { NO_SUCH_PASSWORD, NOT_A_HASH } from "./rule-errors.ts";
import { applySelectorRule } from "./selector-rules.ts";
import { newSelector } from "./user.ts";
import type { AclSurroundings, User } from "./user.ts";

/** Changes the user by one rule; gives the reason when it is none. */
export function applyUserRule(user: User, rule: string, surroundings: AclSurroundings): string | null {
  if (rule === "" || applyWord(user, rule.toLowerCase(), surroundings)) return null;
  const rest = rule.slice(1);
  switch (rule.charAt(0)) {
    case ">":
      return addPassword(user, hashPassword(rest));
    case "#":
      return addPassword(user, rest);
    case "<":
      return removePassword(user, hashPassword(rest));
    case "!":
      return removePassword(user, rest);
    default:
      if (rule.startsWith("(") && rule.endsWith(")")) return addSelector(user, rule.slice(1, -1), surroundings);
      return applySelectorRule(user.root, rule, surroundings);
  }
}

/** The rules that are a word without more to it. */
function applyWord(user: User, word: string, surroundings: AclSurroundings): boolean {
  if (word === "on") user.isEnabled = true;
  else if (word === "off") user.isEnabled = false;
  else if (word === "skip-sanitize-payload") user.skipsSanitizing = true;
  else if (word === "sanitize-payload") user.skipsSanitizing = false;
  else if (word === "nopass") setNoPasswords(user, true);
  else if (word === "resetpass") setNoPasswords(user, false);
  else if (word === "clearselectors") user.selectors.length = 1;
  else if (word === "reset") reset(user, surroundings);
  else return false;
  return true;
}

function setNoPasswords(user: User, needsNoPassword: boolean): void {
  user.needsNoPassword = needsNoPassword;
  user.passwords = [];
}

/** As it would be had it just been made. */
function reset(user: User, surroundings: AclSurroundings): void {
  user.isEnabled = false;
  user.skipsSanitizing = false;
  setNoPasswords(user, false);
  user.selectors = [newSelector(surroundings)];
}

function addPassword(user: User, hash: string): string | null {
  if (!isPasswordHash(hash)) return NOT_A_HASH;
  if (!user.passwords.includes(hash)) user.passwords.push(hash);
  user.needsNoPassword = false;
  return null;
}

function removePassword(user: User, hash: string): string | null {
  if (!isPasswordHash(hash)) return NOT_A_HASH;
  if (!user.passwords.includes(hash)) return NO_SUCH_PASSWORD;
  user.passwords = user.passwords.filter((known) => known !== hash);
  return null;
}

function addSelector(user: User, rules: string, surroundings: AclSurroundings): string | null {
  const selector = newSelector(surroundings);
  for (const rule of splitArguments(rules) ?? []) {
    const error = applySelectorRule(selector, rule, surroundings);
    if (error !== null) return error;
  }
  user.selectors.push(selector);
  return null;
}

/** Rules with each `(` ... `)` that is spread over several of them joined to one; the word that nothing closes, as `unmatched`. */
export interface JoinedRules {
  readonly rules: readonly string[];
  readonly unmatched: string | null;
}

export function joinSelectors(words: readonly string[]): JoinedRules {
  const rules: string[] = [];
  let open: string[] = [];
  for (const word of words) {
    if (open.length === 0 && !(word.startsWith("(") && !word.endsWith(")"))) rules.push(word);
    else {
      open.push(word);
      if (open.length === 1 || !word.endsWith(")")) continue;
      rules.push(open.join(" "));
      open = [];
    }
  }
  return { rules, unmatched: open[0] ?? null };
}
