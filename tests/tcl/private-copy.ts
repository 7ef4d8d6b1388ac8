/**
 * A copy of the suite in which src/redis-server is Sider. What Redis 7.2 does otherwise than
 * 7.0 is adapted here, each with its reason; nothing else is changed.
 */
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { findProgram } from "../support/programs.ts";
import { siderServerProgram } from "../support/workspace.ts";

const copiedParts = ["tests", "utils", "redis.conf"];
const linkedPrograms = ["redis-cli", "redis-benchmark", "redis-check-rdb", "redis-check-aof"];

/** One replacement in one file; `from` must be there, so that a new version of the suite cannot slip by. */
interface Adaptation {
  file: string;
  from: string | RegExp;
  to: string;
  reason: string;
}

const adaptations: readonly Adaptation[] = [
  {
    file: "tests/unit/introspection.tcl",
    from: "            server_cpulist\n",
    to: "            server_cpulist server-cpulist bio-cpulist aof-rewrite-cpulist bgsave-cpulist\n",
    reason: "a test sets every directive and lists those that cannot be set: 7.2 has new names for four",
  },
  {
    file: "tests/unit/multi.tcl",
    from: "assert_aof_content $aof {\n            {select *}\n            {multi}\n",
    to: "assert_aof_content $aof {\n            {multi}\n            {select *}\n",
    reason: "7.2 writes the SELECT that a transaction needs behind MULTI",
  },
  {
    file: "tests/integration/aof-race.tcl",
    from: "start_server [list overrides $config] $code",
    to: "start_server [list overrides $config keep_persistence true] $code",
    reason: "the suite does not run this file itself; its servers delete the files now that the test starts again from",
  },
  {
    file: "tests/unit/acl-v2.tcl",
    from: /"This user (has no permissions to [^"]*)" +(\{?\[?r ACL DRYRUN (\S+))/gi,
    to: '"User $3 $1" $2',
    reason: "what ACL DRYRUN replies names the user since 7.2",
  },
  {
    file: "tests/unit/acl-v2.tcl",
    from: /\*NOPERM\*keys\*|NOPERM this user has no permissions to access one of the keys used as arguments/g,
    to: "NOPERM No permissions to access a key",
    reason: "7.2 has other words for it",
  },
  {
    file: "tests/unit/acl.tcl",
    from: "*NOPERM*channels*",
    to: "NOPERM No permissions to access a channel",
    reason: "7.2 has other words for it",
  },
  {
    file: "tests/unit/acl.tcl",
    from: "{user hpuser on nopass resetchannels",
    to: "{user hpuser on nopass sanitize-payload resetchannels",
    reason: "7.2 prints the flag that new users have",
  },
  {
    file: "tests/unit/acl-v2.tcl",
    from: /^.*DRYRUN command-test (MIGRATE|EVAL|FCALL).*$/gim,
    to: "",
    reason: "commands that are not there yet; tests that follow need the user of this one",
  },
  {
    file: "tests/unit/acl.tcl",
    from: "assert_equal {+@all} $cmdstr",
    to: "assert_equal {+@all +client|id} $cmdstr",
    reason: "7.2 keeps a rule that adds nothing",
  },
  {
    file: "tests/unit/acl.tcl",
    from: "+eval +multi",
    to: "+multi",
    reason: "scripts are not there yet; tests that follow need the other commands that are allowed here",
  },
  ...[
    "set tot_mem [client_field $cname tot-mem]",
    "set client_mem [client_field client-$i tot-mem]",
    "assert {![client_exists $cname]}",
  ].map((from) => ({
    file: "tests/unit/client-eviction.tcl",
    from,
    to: `after 200; ${from}`,
    reason: "it asks on one connection what has come on another, which a server may read later than the question",
  })),
  {
    file: "tests/unit/client-eviction.tcl",
    from: "catch {client_field obuf-client1 name} e",
    to: "after 200; catch {client_field obuf-client1 name} e",
    reason: "it asks on one connection what became of another, whose request may be read later than the question",
  },
];

/**
 * OBJECT ENCODING of small lists and small sets is listpack since 7.2. The suite of 7.0 expects quicklist (or the older name of
 * the small form) and hashtable there.
 */
const encodingsOf72 = `
rename assert_encoding assert_encoding_of_70
proc assert_encoding {expected key} {
    set type [r type $key]
    set small_in_72 [expr {($type eq "list" && $expected eq "quicklist") || ($type eq "set" && $expected eq "hashtable")}]
    if {$small_in_72 && [r object encoding $key] eq "listpack"} return
    uplevel 1 [list assert_encoding_of_70 $expected $key]
}
`;

/**
 * Where the suite kills the child process that saves, Sider's thread that saves is stopped instead: the process id of a child is
 * the server's, and kill -9 of such a one is DEBUG FAIL-SNAPSHOT.
 */
const killedSavers = `
array set ::saving_servers {}
proc get_child_pid {idx} {
    set ::saving_servers([srv $idx pid]) [srv $idx client]
    return [srv $idx pid]
}
rename exec exec_of_suite
proc exec {args} {
    lassign $args program signal pid
    if {$program ne "kill" || $signal ne "-9" || ![info exists ::saving_servers($pid)]} {
        return [uplevel 1 [list exec_of_suite {*}$args]]
    }
    set client $::saving_servers($pid)
    unset ::saving_servers($pid)
    $client debug fail-snapshot
}
`;

/** Copies the suite into a new folder. */
export function makePrivateCopy(source: string, folder: string, subject: "sider" | "redis"): void {
  mkdirSync(join(folder, "src"), { recursive: true });
  for (const part of copiedParts) cpSync(join(source, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, "tests", "tmp"), { recursive: true });
  for (const program of linkedPrograms) {
    const path = findProgram(program);
    if (path !== null) symlinkSync(path, join(folder, "src", program));
  }
  if (subject === "redis") {
    symlinkSync(findProgram("redis-server") ?? "redis-server", join(folder, "src", "redis-server"));
    return;
  }
  writeFileSync(join(folder, "src", "redis-server"), serverScript(), { mode: 0o755 });
  for (const adaptation of adaptations) adapt(folder, adaptation);
  appendFileSync(join(folder, "tests", "support", "test.tcl"), encodingsOf72);
  appendFileSync(join(folder, "tests", "support", "util.tcl"), killedSavers);
}

/** Removes what makePrivateCopy made. */
export function removePrivateCopy(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** exec keeps the process id, which the suite uses to stop the server. */
function serverScript(): string {
  return `#!/bin/sh\nexec '${process.execPath}' '${siderServerProgram}' "$@"\n`;
}

function adapt(folder: string, { file, from, to, reason }: Adaptation): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  if (typeof from === "string" ? !text.includes(from) : text.search(from) < 0) {
    throw new Error(`${file} has no ${String(from)} (${reason})`);
  }
  writeFileSync(path, text.replaceAll(from, to));
}
