/**
 * The file of users: one line each, as ACL LIST prints it. Empty lines are allowed, comments are not: they would not outlive ACL SAVE.
 *
 *     user default on nopass sanitize-payload ~* &* +@all
 */
import { errorReason, readWholeFile, replaceWholeFile } from "@sider/persistence";
import type { FileSystem } from "@sider/persistence";
import { latin1OfUtf8 } from "../dispatch/utf8.ts";
import { describeUser } from "./describe.ts";
import { UNKNOWN_COMMAND } from "./rule-errors.ts";
import { hasSpaces } from "./selector-rules.ts";
import { User } from "./user.ts";
import type { AclSurroundings } from "./user.ts";
import { applyUserRule, joinSelectors } from "./user-rules.ts";

/** More is no such file. */
const BYTES_MAXIMUM = 2 ** 26;
const NOTHING_CHANGED = "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";

/** The users of a file, or what is wrong with it: Latin-1 text for a reply. */
export type LoadedUsers = ReadonlyMap<string, User> | string;

/** Reads a file. Never throws. */
export function readAclFile(fileSystem: FileSystem, path: string, surroundings: AclSurroundings): LoadedUsers {
  let text: string;
  try {
    text = readLatin1(fileSystem, path);
  } catch (error) {
    return `Error loading ACLs, opening file '${latin1OfUtf8(path)}': ${errorReason(error)}`;
  }
  return parseAclFile(text, latin1OfUtf8(path), surroundings);
}

/** Reads the text of a file; `place` is how errors name it. */
export function parseAclFile(text: string, place: string, surroundings: AclSurroundings): LoadedUsers {
  const users = new Map<string, User>();
  const errors: string[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/^[ \t\r]+|[ \t\r]+$/g, "");
    if (line !== "") errors.push(...readLine(users, line, `${place}:${String(index + 1)}`, index + 1, surroundings));
  }
  return errors.length === 0 ? users : errors.join("") + NOTHING_CHANGED;
}

/** Adds the user of a line; gives what is wrong with it. */
function readLine(
  users: Map<string, User>,
  line: string,
  place: string,
  lineNumber: number,
  surroundings: AclSurroundings,
): string[] {
  const [keyword, name, ...words] = line.split(" ");
  if (keyword !== "user" || name === undefined) {
    return [`${place} should start with user keyword followed by the username. `];
  }
  if (hasSpaces(name)) return [`'${place}: username '${name}' contains invalid characters. `];
  if (users.has(name)) return [`WARNING: Duplicate user '${name}' found on line ${String(lineNumber)}. `];
  const user = new User(name, surroundings);
  users.set(name, user);
  return applyRules(user, words, place, surroundings);
}

/** Of errors in values, which may be secrets, the first is told without its rule; unknown commands are told each. */
function applyRules(user: User, words: readonly string[], place: string, surroundings: AclSurroundings): string[] {
  const { rules, unmatched } = joinSelectors(words);
  if (unmatched !== null) return [`${place}: Unmatched parenthesis in selector definition.`];
  const errors: string[] = [];
  let isTold = false;
  for (const raw of rules) {
    const rule = raw.replace(/^[\t\r]+|[\t\r]+$/g, "");
    const error = applyUserRule(user, rule, surroundings);
    if (error === UNKNOWN_COMMAND) errors.push(`${place}: Error in applying operation '${rule}': ${error}. `);
    else if (error !== null && !isTold) {
      errors.push(`${place}: ${error}. `);
      isTold = true;
    }
  }
  return errors;
}

function readLatin1(fileSystem: FileSystem, path: string): string {
  const bytes = readWholeFile(fileSystem, path, BYTES_MAXIMUM);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Replaces the file by one with these users; the old one stays when that cannot be done. @throws FileError */
export function writeAclFile(fileSystem: FileSystem, path: string, users: readonly User[], stamp: string): void {
  const text = users.map((user) => `${describeUser(user)}\n`).join("");
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  replaceWholeFile(fileSystem, path, `${path}.tmp-${stamp}`, bytes);
}
