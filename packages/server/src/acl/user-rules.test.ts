import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import { describeUser } from "./describe.ts";

const SECRET = "#2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"; // of "secret"
const OTHER = "#d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"; // of "other"
const NOTHING = "resetchannels -@all";

/** A user as it is printed after these rules, or the error. */
function made(...rules: string[]): string {
  const { users } = createTestServer().server;
  const error = users.set("u", rules);
  const user = users.find("u");
  return error ?? (user === undefined ? "" : describeUser(user).replace(/^user u /, ""));
}

test.each<[string[], string]>([
  [[], `off sanitize-payload ${NOTHING}`],
  [["", "on", "OFF", "on"], `on sanitize-payload ${NOTHING}`],
  [["skip-sanitize-payload"], `off skip-sanitize-payload ${NOTHING}`],
  [["skip-sanitize-payload", "sanitize-payload"], `off sanitize-payload ${NOTHING}`],
  [["nopass"], `off nopass sanitize-payload ${NOTHING}`],
  [["nopass", ">secret", ">secret"], `off sanitize-payload ${SECRET} ${NOTHING}`],
  [[SECRET, ">other", "<secret"], `off sanitize-payload ${OTHER} ${NOTHING}`],
  [[SECRET, ">other", `!${OTHER.slice(1)}`], `off sanitize-payload ${SECRET} ${NOTHING}`],
  [[">secret", "nopass"], `off nopass sanitize-payload ${NOTHING}`],
  [["nopass", "resetpass"], `off sanitize-payload ${NOTHING}`],
  [["~a*", "%R~b*", "%w~c", "%RW~d", "%R~c", "~a*"], `off sanitize-payload ~a* %R~b* ~c ~d ${NOTHING}`],
  [["%RW~*", "~a"], `off sanitize-payload %RW~* ~a ${NOTHING}`],
  [["~a", "allkeys"], `off sanitize-payload ~* ${NOTHING}`],
  [["~*", "resetkeys", "~b"], `off sanitize-payload ~b ${NOTHING}`],
  [["&a*", "&b", "&a*"], "off sanitize-payload resetchannels &a* &b -@all"],
  [["&a", "allchannels"], "off sanitize-payload &* -@all"],
  [["&*", "resetchannels"], `off sanitize-payload ${NOTHING}`],
  [["allcommands"], "off sanitize-payload resetchannels +@all"],
  [["+@all", "-get", "+SET"], "off sanitize-payload resetchannels +@all -get +set"],
  [["+get", "+set", "-get"], "off sanitize-payload resetchannels -@all +set -get"],
  [["+@READ", "-@write", "+@read"], "off sanitize-payload resetchannels -@all -@write +@read"],
  [["+config|GET", "+select|0"], "off sanitize-payload resetchannels -@all +config|get +select|0"],
  [["+config|get", "+config"], "off sanitize-payload resetchannels -@all +config"],
  [["+config", "-config|set"], "off sanitize-payload resetchannels -@all +config -config|set"],
  [["+get", "nocommands"], `off sanitize-payload ${NOTHING}`],
  [
    ["(~a +get)", "(", "~b", "%R~c", "+set", ")"],
    `off sanitize-payload ${NOTHING} (~a resetchannels -@all +get) (~b %R~c resetchannels -@all +set)`,
  ],
  [["(+get", "~a)"], `off sanitize-payload ${NOTHING} (~a resetchannels -@all +get)`],
  [["()"], `off sanitize-payload ${NOTHING} (${NOTHING})`],
  [["(+get)", "clearselectors"], `off sanitize-payload ${NOTHING}`],
  [
    ["on", ">secret", "allkeys", "&*", "+@all", "(+get)", "skip-sanitize-payload", "reset"],
    `off sanitize-payload ${NOTHING}`,
  ],
])("%j makes %s", (rules, printed) => {
  expect(made(...rules)).toBe(printed);
});

const UNKNOWN = "Unknown command or category name in ACL";
const HASH = "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters";

test.each([
  ["nonsense", "Syntax error"],
  ["(nonsense)", "Syntax error"],
  ["%~a", "Syntax error"],
  ["%RR~a", "Syntax error"],
  ["%X~a", "Syntax error"],
  ["~a b", "Syntax error"],
  ["&a\0b", "Syntax error"],
  ["+debug|", "Syntax error"],
  ["+nope", UNKNOWN],
  ["-nope", UNKNOWN],
  ["+", UNKNOWN],
  ["+config|nope", UNKNOWN],
  ["+nope|x", UNKNOWN],
  ["-select|0", UNKNOWN],
  ["+@nope", UNKNOWN],
  ["+config|get|x", "Allowing first-arg of a subcommand is not supported"],
  ["<never", "The password you are trying to remove from the user does not exist"],
  [`!${"0".repeat(64)}`, "The password you are trying to remove from the user does not exist"],
  ["#abc", HASH],
  [`#${"A".repeat(64)}`, HASH],
  ["!abc", HASH],
])("%j is refused: %s", (rule, error) => {
  expect(made(rule)).toBe(`Error in ACL SETUSER modifier '${rule}': ${error}`);
});

test("a pattern after all of them is refused", () => {
  expect(made("~*", "~a")).toMatch(
    /^Error in ACL SETUSER modifier '~a': Adding a pattern after the \* pattern \(or the 'allkeys'/,
  );
  expect(made("~*", "%R~a")).toMatch(/'allkeys' flag/);
  expect(made("&*", "&a")).toMatch(/'allchannels' flag/);
});

test("a parenthesis that nothing closes is named", () => {
  expect(made("on", "(~a", "+get")).toBe("Unmatched parenthesis in acl selector starting at '(~a'.");
});

test("one wrong rule, and none of them counts", () => {
  const { users } = createTestServer().server;
  users.set("u", ["on", "~a"]);
  expect(users.set("u", ["off", "+get", "nonsense"])).toMatch(/Syntax error/);
  expect(users.sorted().map(describeUser)[1]).toBe(`user u on sanitize-payload ~a ${NOTHING}`);
  expect(users.set("new", ["nonsense"])).toMatch(/Syntax error/);
  expect(users.find("new")).toBeUndefined();
});

test("acl-pubsub-default is for new users, new selectors and reset ones", () => {
  const { users, configuration } = createTestServer({ "acl-pubsub-default": "allchannels" }).server;
  users.set("u", ["(+get)"]);
  configuration.set(["acl-pubsub-default", "resetchannels"]);
  users.set("v", ["(+get)"]);
  const lines = users.sorted().map(describeUser);
  expect(lines[1]).toBe("user u off sanitize-payload &* -@all (&* -@all +get)");
  expect(lines[2]).toBe(`user v off sanitize-payload ${NOTHING} (resetchannels -@all +get)`);
  users.set("u", ["reset"]);
  expect(users.sorted().map(describeUser)[1]).toBe(`user u off sanitize-payload ${NOTHING}`);
});
