/** INFO's section Server: what runs where. */
import { arch, platform, release, type } from "node:os";
import type { Server } from "../server.ts";
import { REDIS_VERSION, SIDER_VERSION } from "../version.ts";
import type { InfoFields } from "./section.ts";

const SECONDS_A_DAY = 86_400;
/** Redis names machines as `uname -m` does. */
const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64", ia32: "i686" };
const EVENT_LOOPS: Readonly<Record<string, string>> = { linux: "epoll", darwin: "kqueue", win32: "iocp" };

export function serverFields(server: Server): InfoFields {
  const { configuration, keyspace } = server;
  const nowMs = keyspace.clock.nowMs();
  const uptimeSeconds = Math.max(0, Math.floor((nowMs - server.startedMs) / 1000));
  return [
    ["redis_version", REDIS_VERSION],
    ["sider_version", SIDER_VERSION],
    ["redis_git_sha1", "00000000"],
    ["redis_git_dirty", 0],
    ["redis_build_id", "0000000000000000"],
    ["redis_mode", "standalone"],
    ["os", `${type()} ${release()} ${MACHINES[arch()] ?? arch()}`],
    ["arch_bits", 64],
    ["node_version", process.versions.node],
    ["multiplexing_api", EVENT_LOOPS[platform()] ?? "libuv"],
    ["monotonic_clock", platform() === "win32" ? "QueryPerformanceCounter" : "POSIX clock_gettime"],
    ["process_id", process.pid],
    ["process_supervised", server.supervisor],
    ["run_id", server.runId],
    ["tcp_port", configuration.get("port")],
    ["server_time_usec", String(BigInt(nowMs) * 1000n)],
    ["uptime_in_seconds", uptimeSeconds],
    ["uptime_in_days", Math.floor(uptimeSeconds / SECONDS_A_DAY)],
    ["hz", server.hz],
    ["configured_hz", configuration.get("hz")],
    ["lru_clock", keyspace.accessClock],
    ["executable", process.execPath],
    ["config_file", server.configFile],
    ["io_threads_active", 0],
    ...listenerFields(server),
  ];
}

function listenerFields(server: Server): InfoFields {
  const { configuration } = server;
  const listeners: string[] = [];
  const addresses = configuration.get("bind").map((address) => `bind=${address}`);
  const port = configuration.get("port");
  if (port !== 0) listeners.push(`name=tcp,${addresses.join(",")},port=${String(port)}`);
  if (configuration.get("unixsocket") !== "") listeners.push(`name=unix,bind=${configuration.get("unixsocket")}`);
  return listeners.map((text, index) => [`listener${String(index)}`, text] as const);
}
