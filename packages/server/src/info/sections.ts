/**
 * INFO's text: the sections in their order, those that are asked for.
 *
 *     # Server\r\nredis_version:7.2.4\r\n ... \r\n\r\n# Clients\r\n ...
 */
import type { Server } from "../server.ts";
import { clientFields } from "./clients.ts";
import { commandStatFields } from "./command-stats.ts";
import { clusterFields, moduleFields, replicationFields } from "./constant.ts";
import { cpuFields } from "./cpu.ts";
import { errorStatFields } from "./error-stats.ts";
import { keyspaceFields } from "./keyspace.ts";
import { latencyStatFields } from "./latency-stats.ts";
import { memoryFields } from "./memory.ts";
import { persistenceFields } from "./persistence.ts";
import { debugFields } from "./debug.ts";
import type { InfoSection } from "./section.ts";
import { serverFields } from "./server.ts";
import { statsFields } from "./stats.ts";

/** By the name that INFO takes. */
const SECTIONS: ReadonlyMap<string, InfoSection> = new Map([
  ["server", { title: "Server", describe: serverFields }],
  ["clients", { title: "Clients", describe: clientFields }],
  ["memory", { title: "Memory", describe: memoryFields }],
  ["persistence", { title: "Persistence", describe: persistenceFields }],
  ["stats", { title: "Stats", describe: statsFields }],
  ["replication", { title: "Replication", describe: replicationFields }],
  ["cpu", { title: "CPU", describe: cpuFields }],
  ["modules", { title: "Modules", describe: moduleFields }],
  ["commandstats", { title: "Commandstats", describe: commandStatFields }],
  ["errorstats", { title: "Errorstats", describe: errorStatFields }],
  ["latencystats", { title: "Latencystats", describe: latencyStatFields }],
  ["cluster", { title: "Cluster", describe: clusterFields }],
  ["keyspace", { title: "Keyspace", describe: keyspaceFields }],
  ["debug", { title: "Debug", describe: debugFields }],
]);

const EVERYTHING = [...SECTIONS.keys()].filter((name) => name !== "debug");
/** Names that stand for several sections. */
const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ["default", EVERYTHING.filter((name) => name !== "commandstats" && name !== "latencystats")],
  ["all", EVERYTHING.filter((name) => name !== "modules")],
  ["everything", EVERYTHING],
]);

/** The text of these sections and groups, given in lower case; none stand for the default. */
export function describeServer(server: Server, names: readonly string[]): string {
  const asked = names.length === 0 ? ["default"] : names;
  const chosen = new Set(asked.flatMap((name) => GROUPS.get(name) ?? [name]));
  if (!server.configuration.get("latency-tracking")) chosen.delete("latencystats");
  const texts = [...SECTIONS].filter(([name]) => chosen.has(name)).map(([, section]) => sectionText(server, section));
  return texts.join("\r\n");
}

/** The fields of all sections, by name. */
export function infoFields(server: Server): Map<string, string> {
  const fields = new Map<string, string>();
  for (const section of SECTIONS.values())
    for (const [name, value] of section.describe(server)) fields.set(name, String(value));
  return fields;
}

function sectionText(server: Server, section: InfoSection): string {
  const lines = section.describe(server).map(([name, value]) => `${name}:${String(value)}\r\n`);
  return `# ${section.title}\r\n${lines.join("")}`;
}
