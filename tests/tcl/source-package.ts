/**
 * The source package of redis as Debian 12 has it, fetched once with apt's own tools and kept under node_modules/.cache. apt
 * works on a private list of sources and in private folders: the machine's own settings are neither needed nor touched.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runProgram } from "../support/run-program.ts";
import { repositoryRoot } from "../support/workspace.ts";

/** Redis 7.0.15 is in Debian 12; later releases of Debian have later ones. */
const suite = "bookworm";
const mirror = "http://deb.debian.org/debian";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const timeoutMs = 300_000;

const cacheFolder = join(repositoryRoot, "node_modules", ".cache", "sider-tcl");

/** The folder of the unpacked sources; fetches them the first time. Throws with apt's output when that fails. */
export async function sourcePackageFolder(): Promise<string> {
  const known = unpackedFolder(cacheFolder);
  if (known !== null) return known;
  const workFolder = join(cacheFolder, `fetch-${process.pid}`);
  try {
    await fetchInto(workFolder);
    const fetched = unpackedFolder(workFolder);
    if (fetched === null) throw new Error(`apt-get source left no folder redis-* in ${workFolder}`);
    const target = join(cacheFolder, fetched.slice(workFolder.length + 1));
    renameSync(fetched, target);
    return target;
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

function unpackedFolder(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const name = readdirSync(folder).find((entry) => existsSync(join(folder, entry, "tests", "test_helper.tcl")));
  return name === undefined ? null : join(folder, name);
}

async function fetchInto(folder: string): Promise<void> {
  for (const part of ["lists/partial", "archives/partial"]) mkdirSync(join(folder, part), { recursive: true });
  const trust = existsSync(keyring) ? `[signed-by=${keyring}] ` : "";
  writeFileSync(join(folder, "sources.list"), `deb-src ${trust}${mirror} ${suite} main\n`);
  const settings = {
    "Dir::Etc::SourceList": join(folder, "sources.list"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::Cache": folder,
    "APT::Sandbox::User": "",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await runTool(folder, ["apt-get", ...options, "update"]);
  await runTool(folder, ["apt-get", ...options, "source", "redis"]);
}

async function runTool(folder: string, command: readonly string[]): Promise<void> {
  // apt-get source unpacks into the folder that it is started in.
  const { code, output } = await runProgram(["env", `--chdir=${folder}`, ...command], "", timeoutMs);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${output.slice(-3000)}`);
}
