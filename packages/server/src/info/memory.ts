/**
 * INFO's section Memory. "Used" is what keys and values take in the store, which `maxmemory` bounds; the runtime's own memory is in
 * the resident set and in `runtime_heap_bytes`.
 */
import { heapStatistics } from "@sider/datastructures";
import { totalmem } from "node:os";
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";
import { humanBytes, ratio } from "./section.ts";

export function memoryFields(server: Server): InfoFields {
  const heap = heapStatistics(server.keyspace.heap);
  const process_ = process.memoryUsage();
  return [
    ...usedFields(server, heap.allocatedBytes, process_.rss),
    ["allocator_allocated", heap.allocatedBytes],
    ["allocator_active", heap.usedPagesBytes],
    ["allocator_resident", heap.residentBytes],
    ["runtime_heap_bytes", process_.heapUsed],
    ...sized("total_system_memory", totalmem()),
    ...sized("used_memory_lua", 0),
    ...sized("used_memory_scripts", 0),
    ["number_of_cached_scripts", 0],
    ["number_of_functions", 0],
    ["number_of_libraries", 0],
    ...sized("maxmemory", server.configuration.get("maxmemory")),
    ["maxmemory_policy", server.configuration.get("maxmemory-policy")],
    ["allocator_frag_ratio", heap.fragmentationRatio.toFixed(2)],
    ["allocator_frag_bytes", heap.usedPagesBytes - heap.allocatedBytes],
    ["allocator_rss_ratio", ratio(heap.residentBytes, heap.usedPagesBytes)],
    ["allocator_rss_bytes", heap.residentBytes - heap.usedPagesBytes],
    ["rss_overhead_ratio", ratio(process_.rss, heap.residentBytes)],
    ["rss_overhead_bytes", process_.rss - heap.residentBytes],
    ["mem_fragmentation_ratio", ratio(process_.rss, heap.allocatedBytes)],
    ["mem_fragmentation_bytes", process_.rss - heap.allocatedBytes],
    ["mem_not_counted_for_evict", 0],
    ["mem_replication_backlog", 0],
    ["mem_total_replication_buffers", 0],
    ["mem_clients_slaves", 0],
    ["mem_clients_normal", clientBytes(server)],
    ["mem_cluster_links", 0],
    ["mem_aof_buffer", 0],
    ["mem_allocator", "sider"],
    ["active_defrag_running", 0],
    ["lazyfree_pending_objects", server.keyspace.lazyFree.pendingObjects],
    ["lazyfreed_objects", server.keyspace.lazyFree.freedObjects],
  ];
}

function usedFields(server: Server, usedBytes: number, residentBytes: number): InfoFields {
  const peakBytes = Math.max(usedBytes, server.statistics.peakMemoryBytes);
  const startupBytes = Math.min(server.startupBytes, usedBytes);
  return [
    ...sized("used_memory", usedBytes),
    ...sized("used_memory_rss", residentBytes),
    ...sized("used_memory_peak", peakBytes),
    ["used_memory_peak_perc", percent(usedBytes, peakBytes)],
    ["used_memory_overhead", startupBytes],
    ["used_memory_startup", startupBytes],
    ["used_memory_dataset", usedBytes - startupBytes],
    ["used_memory_dataset_perc", percent(usedBytes - startupBytes, usedBytes)],
  ];
}

/** A count of bytes, once as a number and once for people. */
function sized(name: string, bytes: number): InfoFields {
  return [
    [name, bytes],
    [`${name}_human`, humanBytes(bytes)],
  ];
}

function percent(part: number, whole: number): string {
  return `${ratio(part * 100, whole)}%`;
}

function clientBytes(server: Server): number {
  let bytes = 0;
  for (const session of server.sessions.values()) bytes += session.parser.pendingBytes + session.transport.pendingBytes;
  return bytes;
}
