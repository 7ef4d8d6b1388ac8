import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseCommandLine } from "./command-line.ts";
import { Configuration } from "./configuration.ts";
import type { DirectiveName } from "./directives.ts";
import { fileSource, resolveExistingDirectory } from "./file-source.ts";
import { ConfigurationFileError, ConfigurationLoader, type ConfigurationSource, type LoadResult } from "./load.ts";

function source(files: Record<string, string>): ConfigurationSource {
  return {
    absolutePath: (path) => `/${path}`,
    readText(path) {
      const text = files[path];
      if (text === undefined) throw new Error("No such file or directory");
      return text;
    },
    expand: (pattern) => Object.keys(files).filter((path) => path.startsWith(pattern.replace(/\*.*$/, ""))),
  };
}

function load(args: string[], files: Record<string, string> = {}, input = ""): [Configuration, LoadResult] {
  const configuration = new Configuration();
  const loader = new ConfigurationLoader(configuration, source(files), "Sider 1.2.3");
  loader.loadCommandLine(parseCommandLine(args), () => input);
  return [configuration, loader.result()];
}

function text(name: DirectiveName, args: string[], files: Record<string, string> = {}, input = ""): string {
  return load(args, files, input)[0].text(name);
}

function failure(args: string[], files: Record<string, string> = {}): string {
  try {
    load(args, files);
  } catch (error) {
    if (error instanceof ConfigurationFileError) return error.message;
    throw error;
  }
  return "loaded";
}

describe("files", () => {
  it("set directives, with comments, quotes, units and Windows line ends", () => {
    const [configuration, result] = load(["a.conf"], {
      "/a.conf":
        '# c\n\n  MaxMemory 100mb\r\nactivedefrag yes\nrequirepass "a \\x42"\nsave 900 1\nsave 300 10\nlua-replicate-commands yes\n',
    });
    expect(configuration.get("maxmemory")).toBe(104857600);
    expect(configuration.get("requirepass")).toBe("a B");
    expect(configuration.text("save")).toBe("900 1 300 10");
    expect(result.withoutEffect).toEqual(["activedefrag"]);
  });

  it("include others, by pattern too, which may name none", () => {
    const files = { "/a.conf": "include x*.conf\ninclude none*\nhz 4\n", "x1.conf": "timeout 5\nhz 3\n" };
    expect(text("timeout", ["a.conf"], files)).toBe("5");
    expect(text("hz", ["a.conf"], files)).toBe("4");
  });

  it("keep statements for the server", () => {
    const [, result] = load(["a.conf"], {
      "/a.conf": "rename-command KEYS ''\nuser alice on\nx.y 5\nrename-command Set keys\nrename-command KEYS set",
    });
    expect(result.renames).toEqual([
      ["KEYS", ""],
      ["Set", "keys"],
      ["KEYS", "set"],
    ]);
    expect(result.statements).toEqual([
      { words: ["user", "alice", "on"], place: "line 2 of /a.conf" },
      { words: ["x.y", "5"], place: "line 3 of /a.conf" },
    ]);
  });

  it.each([
    ["foo bar", "Bad directive or wrong number of arguments"],
    ["hz 1 2", "wrong number of arguments"],
    ['requirepass "x', "Unbalanced quotes in configuration line"],
    ["port x", "argument couldn't be parsed into an integer"],
    ["replicaof a b", "Invalid master port"],
    ["rename-command nosuch x", "No such command in rename-command"],
    ["rename-command config|get x", "No such command in rename-command"],
    ["rename-command get SET", "Target command name already exists"],
    ["rename-command get", "Bad directive or wrong number of arguments"],
    ["sentinel monitor", "sentinel directive while not in sentinel mode"],
    ["x.y", "Module config specified without value"],
    ["list-max-ziplist-value 1 2", "Bad directive or wrong number of arguments"],
    ["client-output-buffer-limit normal 1 2", "Wrong number of arguments in buffer limit configuration."],
  ])("with '%s' are refused, naming file and line", (line, reason) => {
    expect(failure(["a.conf"], { "/a.conf": `hz 5\n ${line}\n` })).toBe(
      "*** FATAL CONFIG FILE ERROR (Sider 1.2.3) ***\n" +
        `Reading the configuration file, at line 2 of /a.conf\n>>> '${line}'\n${reason}`,
    );
  });

  it("that cannot be read or include themselves are refused", () => {
    expect(failure(["a.conf"])).toBe("Fatal error, can't open config file '/a.conf': No such file or directory");
    expect(failure(["a.conf"], { "/a.conf": "include /a.conf" })).toMatch(/nested too deeply/);
  });
});

describe("the command line", () => {
  it.each<[DirectiveName, string[], string]>([
    ["save", ["--save"], ""],
    ["save", ["--save", ""], ""],
    ["save", ["--save", "--hz", "50"], ""],
    ["save", ["--save", "60", "1", "300", "5"], "60 1 300 5"],
    ["save", ["--save", "60 1 300 5"], "60 1 300 5"],
    ["save", ["--save 60 1"], "60 1"],
    ["requirepass", ["--requirepass", "--x"], "--x"],
    ["requirepass", ["--requirepass", 'a\\"b c\n'], 'a\\"b c\n'],
    ["bind", ["--bind", "127.0.0.1", "-::1"], "127.0.0.1 -::1"],
    ["hz", ["--HZ", "7", "--timeout", "3"], "7"],
    ["maxclients", ["--maxclients", "5", "--maxclients", "6"], "6"],
  ])("sets %s with %j to %j", (name, args, expected) => {
    expect(text(name, args)).toBe(expected);
  });

  it("reads file, standard input and options, the later ones winning", () => {
    const files = { "/a.conf": "hz 1\ntimeout 1\nport 1" };
    expect(text("hz", ["a.conf", "--port", "3", "-"], files, "hz 2\ntimeout 2")).toBe("2");
    expect(text("port", ["a.conf", "--port", "3", "-"], files, "port 2")).toBe("3");
    expect(text("timeout", ["-", "--port", "3"], files, "timeout 2")).toBe("2");
  });

  it("is refused where words are missing or wrong", () => {
    expect(failure(["--hz"])).toMatch(/at line 1 of the command line\n>>> 'hz'\nwrong number of arguments$/);
    expect(failure(["--port", "1", "--hz", "1", "2"])).toMatch(/at line 2 .*\n>>> 'hz "1" "2"'\nwrong number/);
    expect(failure(["-x"])).toMatch(/Bad directive/);
  });

  it("asks for other actions", () => {
    expect(parseCommandLine(["-v"]).action).toBe("version");
    expect(parseCommandLine(["--help"]).action).toBe("help");
    expect(parseCommandLine(["--check-system"]).action).toBe("check-system");
    expect(parseCommandLine([])).toEqual({ action: "run", configFile: null, readsStandardInput: false, options: "" });
    expect(parseCommandLine(["x.conf", "--hz", "5"])).toMatchObject({ configFile: "x.conf", options: 'hz "5"' });
  });
});

describe("the file system", () => {
  const folder = mkdtempSync(join(tmpdir(), "sider-config-"));
  mkdirSync(join(folder, "conf.d"));
  for (const name of ["b.conf", "a.conf", ".hidden.conf", "c.txt"])
    writeFileSync(join(folder, "conf.d", name), "hz 9\n");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("expands patterns, sorted", () => {
    const expected = ["a.conf", "b.conf"].map((name) => join(folder, "conf.d", name));
    expect(fileSource.expand(join(folder, "conf.?", "*.conf"))).toEqual(expected);
    expect(fileSource.expand(join(folder, "conf.d", "[!ab].*"))).toEqual([join(folder, "conf.d", "c.txt")]);
    expect(fileSource.expand(join(folder, "none", "*"))).toEqual([]);
  });

  it("gives text, or the reason why not", () => {
    expect(fileSource.readText(join(folder, "conf.d", "a.conf"))).toBe("hz 9\n");
    expect(() => fileSource.readText(join(folder, "none"))).toThrow("No such file or directory");
    expect(() => fileSource.readText(folder)).toThrow("Is a directory");
  });

  it("resolves folders for dir", () => {
    const configuration = new Configuration({ resolveDirectory: resolveExistingDirectory, workingDirectory: folder });
    configuration.assign("dir", ["conf.d"]);
    expect(configuration.get("dir")).toBe(join(folder, "conf.d"));
    expect(() => {
      configuration.assign("dir", ["none"]);
    }).toThrow("No such file or directory");
    expect(() => {
      configuration.assign("dir", ["a.conf"]);
    }).toThrow("Not a directory");
    configuration.assign("enable-protected-configs", ["yes"]);
    expect(configuration.set(["dir", "/no/such"])).toBe(
      "ERR CONFIG SET failed (possibly related to argument 'dir') - No such file or directory",
    );
  });
});
