/**
 * INFO's section Memory. "Used" is what keys and values take in the store, and the buffers of clients and of the append-only file; the
 * runtime's own memory is in the resident set and in `runtime_heap_bytes`.
 */
import { totalmem } from "node:os";
import { memoryFigures, memoryLayers, quotient } from "../memory/memory-figures.ts";
import type { MemoryFigures } from "../memory/memory-figures.ts";
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";
import { humanBytes } from "./section.ts";

export function memoryFields(server: Server): InfoFields {
  const figures = memoryFigures(server);
  return [
    ...usedFields(figures),
    ["allocator_allocated", figures.allocatedBytes],
    ["allocator_active", figures.activeBytes],
    ["allocator_resident", figures.residentBytes],
    ["runtime_heap_bytes", figures.runtimeHeapBytes],
    ...sized("total_system_memory", totalmem()),
    ...scriptFields(),
    ...sized("maxmemory", server.configuration.get("maxmemory")),
    ["maxmemory_policy", server.configuration.get("maxmemory-policy")],
    ...fragmentationFields(figures),
    ["mem_not_counted_for_evict", figures.uncountedBytes],
    ["mem_replication_backlog", 0],
    ["mem_total_replication_buffers", 0],
    ["mem_clients_slaves", 0],
    ["mem_clients_normal", figures.clientBytes],
    ["mem_cluster_links", 0],
    ["mem_aof_buffer", figures.logBytes],
    ["mem_allocator", "sider"],
    ["active_defrag_running", 0],
    ["lazyfree_pending_objects", server.keyspace.lazyFree.pendingObjects],
    ["lazyfreed_objects", server.keyspace.lazyFree.freedObjects],
  ];
}

function usedFields(figures: MemoryFigures): InfoFields {
  const { usedBytes, peakBytes, startupBytes, datasetBytes } = figures;
  return [
    ...sized("used_memory", usedBytes),
    ...sized("used_memory_rss", figures.processBytes),
    ...sized("used_memory_peak", peakBytes),
    ["used_memory_peak_perc", percent(usedBytes, peakBytes)],
    ["used_memory_overhead", figures.overheadBytes],
    ["used_memory_startup", startupBytes],
    ["used_memory_dataset", datasetBytes],
    ["used_memory_dataset_perc", percent(datasetBytes, usedBytes - startupBytes)],
  ];
}

/** Scripts and functions: there are none. */
function scriptFields(): InfoFields {
  return [
    ...sized("used_memory_lua", 0),
    ["used_memory_vm_eval", 0],
    ["used_memory_scripts_eval", 0],
    ["number_of_cached_scripts", 0],
    ["number_of_functions", 0],
    ["number_of_libraries", 0],
    ["used_memory_vm_functions", 0],
    ...sized("used_memory_vm_total", 0),
    ["used_memory_functions", 0],
    ...sized("used_memory_scripts", 0),
  ];
}

function fragmentationFields(figures: MemoryFigures): InfoFields {
  const { slabs, pages, process, all } = memoryLayers(figures);
  return [
    ["allocator_frag_ratio", slabs.quotient.toFixed(2)],
    ["allocator_frag_bytes", slabs.bytes],
    ["allocator_rss_ratio", pages.quotient.toFixed(2)],
    ["allocator_rss_bytes", pages.bytes],
    ["rss_overhead_ratio", process.quotient.toFixed(2)],
    ["rss_overhead_bytes", process.bytes],
    ["mem_fragmentation_ratio", all.quotient.toFixed(2)],
    ["mem_fragmentation_bytes", all.bytes],
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
  return `${quotient(part * 100, whole).toFixed(2)}%`;
}
