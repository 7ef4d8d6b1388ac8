import { FileError } from "@sider/persistence";
import { SimulatedDisk } from "@sider/persistence/testing";
import { describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";

const DEFAULT_LINE = "user default on nopass sanitize-payload ~* &* +@all";

test("the default user may do everything", () => {
  const client = createTestServer().connect();
  expect(client.send("ACL", "LIST")).toBe(`*1\r\n${bulk(DEFAULT_LINE)}`);
  expect(client.send("ACL", "USERS")).toBe(`*1\r\n${bulk("default")}`);
  expect(client.send("ACL", "WHOAMI")).toBe(bulk("default"));
});

test("each rule that allows a first argument is warned of in the log, wherever it stands", () => {
  const { connect, logged } = createTestServer();
  const client = connect();
  client.send("ACL", "SETUSER", "u", "+select|1", "+config|get", "+GET|x\ny", "(+set|z)");
  expect(client.send("ACL", "SETUSER", "u", "+select|2", "+nosuch|0")).toContain("-ERR Error in ACL SETUSER modifier");
  const [start, end] = ["# Deprecation warning: ", " (offender: "];
  const warnings = logged.join("").split("\n").slice(0, -1);
  expect(warnings.map((line) => line.slice(line.indexOf(end)))).toEqual(
    ["+select|1", "+GET|x\\ny", "+set|z", "+select|2"].map((rule) => `${end}${rule})`),
  );
  expect(warnings[0]).toContain(
    `${start}Allowing a first arg of an otherwise blocked command is a misuse of ACL and may get disabled in the future`,
  );
});

test("GETUSER tells everything but passwords", () => {
  const client = createTestServer().connect();
  expect(client.send("ACL", "GETUSER", "nobody")).toBe("$-1\r\n");
  client.send("ACL", "SETUSER", "u", "on", ">secret", "%R~a", "&b", "+get", "(~c)");
  const [passwords, none] = ["2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", bulk("")];
  expect(client.send("ACL", "GETUSER", "u")).toBe(
    `*12\r\n${bulk("flags")}*2\r\n${bulk("on")}${bulk("sanitize-payload")}${bulk("passwords")}*1\r\n${bulk(passwords)}` +
      `${bulk("commands")}${bulk("-@all +get")}${bulk("keys")}${bulk("%R~a")}${bulk("channels")}${bulk("&b")}` +
      `${bulk("selectors")}*1\r\n*6\r\n${bulk("commands")}${bulk("-@all")}${bulk("keys")}${bulk("~c")}${bulk("channels")}${none}`,
  );
  client.send("HELLO", 3);
  expect(client.send("ACL", "GETUSER", "u")).toMatch(/^%6\r\n\$5\r\nflags\r\n~2/);
  expect(client.send("ACL", "GETUSER", "nobody")).toBe("_\r\n");
});

test("logging in as a user, disabled or enabled, with one of its passwords", () => {
  const { server, connect } = createTestServer();
  const wrong = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
  const client = connect();
  client.send("ACL", "SETUSER", "u", ">one", ">two", "+acl|whoami");
  expect(client.send("AUTH", "u", "one")).toBe(wrong);
  client.send("ACL", "SETUSER", "u", "on");
  expect(client.send("AUTH", "u", "three")).toBe(wrong);
  expect(client.send("AUTH", "nobody", "one")).toBe(wrong);
  expect(client.send("AUTH", "u", "two")).toBe("+OK\r\n");
  expect(client.send("ACL", "WHOAMI")).toBe(bulk("u"));
  expect(client.send("HELLO", 3, "AUTH", "default", "x")).toMatch(/^%7/);
  expect(client.send("ACL", "WHOAMI")).toBe(bulk("default"));
  expect(server.statistics.deniedLogins).toBe(3);
});

test("names without spaces; who is new may do nothing", () => {
  const client = createTestServer().connect();
  const error = "-ERR Usernames can't contain spaces or null characters\r\n";
  expect(client.send("ACL", "SETUSER", "a b")).toBe(error);
  expect(client.send("ACL", "SETUSER", "a\0b")).toBe(error);
  expect(client.send("ACL", "SETUSER", "\xff")).toBe("+OK\r\n");
  expect(client.send("ACL", "USERS")).toBe(`*2\r\n${bulk("default")}${bulk("\xff")}`);
});

test("DELUSER ends the sessions of the user, that of the caller after its reply", () => {
  const { connect } = createTestServer();
  const admin = connect();
  for (const name of ["u", "v"]) admin.send("ACL", "SETUSER", name, "on", "nopass", "+@all", "~*");
  const [client, other] = [connect(), connect()];
  client.send("AUTH", "u", "");
  other.send("AUTH", "v", "");
  expect(admin.send("ACL", "DELUSER", "u", "default")).toBe("-ERR The 'default' user cannot be removed\r\n");
  expect(admin.send("ACL", "DELUSER", "u", "nobody", "u")).toBe(":1\r\n");
  expect([client.transport.closed, other.transport.closed]).toEqual([true, false]);
  expect(other.send("ACL", "DELUSER", "v")).toBe(":1\r\n");
  expect(other.transport.closed).toBe(true);
});

test("a default user that is off, or has a password, keeps new connections out", () => {
  const { connect } = createTestServer();
  const admin = connect();
  admin.send("ACL", "SETUSER", "default", "off");
  const client = connect();
  expect(client.send("PING")).toBe("-NOAUTH Authentication required.\r\n");
  expect(admin.send("PING")).toBe("+PONG\r\n");
  admin.send("ACL", "SETUSER", "default", "on");
  expect(client.send("PING")).toBe("+PONG\r\n");
  admin.send("ACL", "SETUSER", "default", ">pw");
  expect(client.send("PING")).toBe("-NOAUTH Authentication required.\r\n");
  expect(client.send("AUTH", "pw")).toBe("+OK\r\n");
});

test("who loses the right to a channel that it listens to is cut off", () => {
  const { connect } = createTestServer();
  const admin = connect();
  const listen = (...words: string[]): ReturnType<typeof connect> => {
    const client = connect();
    client.send("AUTH", "u", "");
    client.send(...words);
    return client;
  };
  admin.send("ACL", "SETUSER", "u", "on", "nopass", "+@all", "&a*", "&b");
  expect(listen().send("SUBSCRIBE", "c")).toBe("-NOPERM No permissions to access a channel\r\n");
  expect(listen().send("PSUBSCRIBE", "a1*")).toBe("-NOPERM No permissions to access a channel\r\n");
  const clients = [
    listen("SUBSCRIBE", "a1"),
    listen("PSUBSCRIBE", "a*"),
    listen("SSUBSCRIBE", "a2"),
    listen("SUBSCRIBE", "b"),
  ];
  admin.send("ACL", "SETUSER", "u", "&c");
  expect(clients.map(({ transport }) => transport.closed)).toEqual([false, false, false, false]);
  admin.send("ACL", "SETUSER", "u", "resetchannels", "&b");
  expect(clients.map(({ transport }) => transport.closed)).toEqual([true, true, true, false]);
});

test("CAT lists categories and their members", () => {
  const client = createTestServer().connect();
  expect(client.send("ACL", "CAT")).toMatch(/^\*21\r\n\$8\r\nkeyspace\r\n\$4\r\nread\r\n/);
  const members = client.send("ACL", "CAT", "HASH");
  expect(members).toContain("hset");
  expect(members).not.toContain("zadd");
  expect(client.send("ACL", "CAT", "dangerous")).toContain("config|set");
  expect(client.send("ACL", "CAT", "nope")).toBe("-ERR Unknown category 'nope'\r\n");
  expect(client.send("ACL", "CAT", "a", "b")).toBe(
    "-ERR unknown subcommand or wrong number of arguments for 'CAT'. Try ACL HELP.\r\n",
  );
});

test("GENPASS gives as many bits as are asked for, never the same", () => {
  const client = createTestServer().connect();
  expect(client.send("ACL", "GENPASS")).toMatch(/^\$64\r\n[0-9a-f]{64}\r\n$/);
  expect(client.send("ACL", "GENPASS", 5)).toMatch(/^\$2\r\n[0-9a-f]{2}\r\n$/);
  expect(client.send("ACL", "GENPASS")).not.toBe(client.send("ACL", "GENPASS"));
  for (const bits of [0, -1, 4097])
    expect(client.send("ACL", "GENPASS", bits)).toMatch(/^-ERR ACL GENPASS argument must be/);
});

test("DRYRUN tells what is missing", () => {
  const client = createTestServer().connect();
  client.send("ACL", "SETUSER", "u", "+get", "~a*");
  expect(client.send("ACL", "DRYRUN", "u", "get", "a")).toBe("+OK\r\n");
  expect(client.send("ACL", "DRYRUN", "u", "get", "b")).toBe(bulk("User u has no permissions to access the 'b' key"));
  expect(client.send("ACL", "DRYRUN", "u", "set", "a", 1)).toBe(
    bulk("User u has no permissions to run the 'set' command"),
  );
  expect(client.send("ACL", "DRYRUN", "u", "config", "get", "a")).toBe(
    bulk("User u has no permissions to run the 'config|get' command"),
  );
  expect(client.send("ACL", "DRYRUN", "u", "get")).toBe("-ERR wrong number of arguments for 'get' command\r\n");
  expect(client.send("ACL", "DRYRUN", "u", "nope")).toBe("-ERR Command 'nope' not found\r\n");
  expect(client.send("ACL", "DRYRUN", "v", "get", "a")).toBe("-ERR User 'v' not found\r\n");
});

describe("LOG", () => {
  test("counts the same denial within a minute, keeps others apart, newest first", () => {
    const { server, clock, connect } = createTestServer();
    const [admin, client] = [connect(), connect()];
    admin.send("ACL", "SETUSER", "u", "on", "nopass", "+get", "+multi", "+exec", "~a");
    client.send("AUTH", "u", "");
    client.send("GET", "b");
    clock.now += 1500;
    client.send("GET", "b");
    client.sendRaw("MULTI\r\nGET b\r\nEXEC\r\n");
    client.send("SET", "a", 1);
    client.send("AUTH", "u2", "x");
    const { entries } = server.access.log;
    expect(
      entries.map(({ reason, context, object, userName, count, id }) => [reason, context, object, userName, count, id]),
    ).toEqual([
      ["auth", "toplevel", "AUTH", "u2", 1, 3],
      ["command", "toplevel", "set", "u", 1, 2],
      ["key", "multi", "b", "u", 1, 1],
      ["key", "toplevel", "b", "u", 2, 0],
    ]);
    clock.now += 250;
    admin.send("PING");
    expect(admin.send("ACL", "LOG", 1)).toMatch(
      /^\*1\r\n\*20\r\n\$5\r\ncount\r\n:1\r\n.*age-seconds\r\n\$4\r\n0\.25\r\n/s,
    );
    const { deniedCommands, deniedKeys, deniedLogins } = server.statistics;
    expect([deniedCommands, deniedKeys, deniedLogins]).toEqual([1, 3, 1]);
    clock.now += 70_000;
    client.send("GET", "b");
    expect(entries[0].count).toBe(1);
    expect(server.access.log.entries[0]).toMatchObject({ object: "b", count: 1, id: 4 });
    expect(admin.send("ACL", "LOG", "RESET")).toBe("+OK\r\n");
    expect(admin.send("ACL", "LOG")).toBe("*0\r\n");
  });

  test("is as long as acllog-max-len says", () => {
    const { server, connect } = createTestServer({ "acllog-max-len": "3" });
    const client = connect();
    for (let at = 0; at < 10; at++) client.send("AUTH", `user${String(at)}`, "x");
    expect(server.access.log.entries.map(({ userName }) => userName)).toEqual(["user9", "user8", "user7"]);
    expect(client.send("ACL", "LOG", "-1")).toBe("*0\r\n");
    expect(client.send("ACL", "LOG", "x")).toBe("-ERR value is not an integer or out of range\r\n");
  });
});

describe("the ACL file", () => {
  function write(disk: SimulatedDisk, path: string, text: string): void {
    const descriptor = disk.open(path, "w");
    const bytes = new TextEncoder().encode(text);
    disk.write(descriptor, bytes, 0, bytes.length);
    disk.close(descriptor);
  }

  test("is not there unless it is configured", () => {
    const client = createTestServer().connect();
    expect(client.send("ACL", "LOAD")).toMatch(/^-ERR This Redis instance is not configured to use an ACL file/);
    expect(client.send("ACL", "SAVE")).toMatch(/^-ERR This Redis instance is not configured to use an ACL file/);
  });

  test("is saved and loaded; sessions of its old users end", () => {
    const disk = new SimulatedDisk();
    disk.makeDirectory("/d");
    const { server, connect } = createTestServer({ aclfile: "/d/users" }, 1, undefined, disk);
    const [admin, client] = [connect(), connect()];
    admin.send("ACL", "SETUSER", "u", "on", ">secret", "~a", "(+get ~b)");
    const before = admin.send("ACL", "LIST");
    client.send("AUTH", "u", "secret");
    expect(admin.send("ACL", "SAVE")).toBe("+OK\r\n");
    admin.send("ACL", "SETUSER", "u", "~c");
    admin.send("ACL", "SETUSER", "v");
    expect(admin.send("ACL", "LOAD")).toBe("+OK\r\n");
    expect(admin.send("ACL", "LIST")).toBe(before);
    expect([admin.transport.closed, client.transport.closed]).toEqual([false, true]);
    expect(server.userFile.configurationLines()).toEqual([]);
  });

  test("changes nothing when anything is wrong with it", () => {
    const disk = new SimulatedDisk();
    disk.makeDirectory("/d");
    const { server, connect } = createTestServer({ aclfile: "/d/users" }, 1, undefined, disk);
    const admin = connect();
    expect(admin.send("ACL", "LOAD")).toBe(
      "-ERR Error loading ACLs, opening file '/d/users': No such file or directory\r\n",
    );
    admin.send("ACL", "SETUSER", "u");
    write(disk, "/d/users", "user a on\n\n  user b >x nonsense >y z\nfoo\nuser a\nuser c (~a\nuser d +nope\n");
    expect(admin.send("ACL", "LOAD")).toBe(
      "-ERR /d/users:3: Syntax error. /d/users:4 should start with user keyword followed by the username. " +
        "WARNING: Duplicate user 'a' found on line 5. /d/users:6: Unmatched parenthesis in selector definition." +
        "/d/users:7: Error in applying operation '+nope': Unknown command or category name in ACL. " +
        "WARNING: ACL errors detected, no change to the previously active ACL rules was performed\r\n",
    );
    expect(server.users.sorted().map(({ name }) => name)).toEqual(["default", "u"]);
    write(disk, "/d/users", "user a on nopass +@all\n");
    expect(admin.send("ACL", "LOAD")).toBe("+OK\r\n");
    expect(admin.send("ACL", "USERS")).toBe(`*2\r\n${bulk("a")}${bulk("default")}`);
  });

  test("stays what it was when the new one cannot be written", () => {
    const disk = new SimulatedDisk();
    const { connect, logged, server } = createTestServer({ aclfile: "/missing/users" }, 1, undefined, disk);
    expect(connect().send("ACL", "SAVE")).toMatch(/^-ERR There was an error trying to save the ACLs/);
    expect(logged.join("")).toContain("ACL SAVE: cannot open /missing/users.tmp-");
    expect(() => {
      server.userFile.save();
    }).toThrow(FileError);
  });
});

test("users of the configuration", () => {
  const { server, logged } = createTestServer({ requirepass: "pw" });
  server.userFile.loadAtStart([["u", "on", ">x", "(~a", "+get)"], ["default", "on", "nopass", "+ping"], ["off"]]);
  expect(server.userFile.configurationLines()).toEqual([
    "user default on nopass sanitize-payload resetchannels -@all +ping",
    "user off off sanitize-payload resetchannels -@all",
    "user u on sanitize-payload #2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 resetchannels -@all (~a resetchannels -@all +get)",
  ]);
  expect(logged.join("")).toContain("The user 'off' is disabled");
  const load =
    (...lines: string[][]) =>
    () => {
      createTestServer().server.userFile.loadAtStart(lines);
    };
  expect(load(["a"], ["a"])).toThrow("Duplicate user found");
  expect(load(["a", "nonsense"])).toThrow("Syntax error");
  expect(load(["a", "<se'cret"])).toThrow("Error in ACL SETUSER modifier '(redacted)': The password you are trying to");
  expect(load(["a", "#secret"])).not.toThrow("secret");
  expect(load(["a b"])).toThrow("Spaces not allowed in ACL usernames");
  expect(() => {
    createTestServer({ aclfile: "/x" }).server.userFile.loadAtStart([["a"]]);
  }).toThrow("not both");
});
