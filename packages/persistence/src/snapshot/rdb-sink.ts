/** A snapshot as a dump. Entries may come in any order of databases. */
import type { Heap } from "@sider/datastructures";
import { writeKeyspaceEntry } from "../keyspace-writer.ts";
import type { ByteSink } from "../rdb-output.ts";
import { RdbWriter } from "../rdb-writer.ts";
import type { EntrySink } from "./entry-sink.ts";
import type { TablePlan } from "./shared-state.ts";
import type { SnapshotRequest } from "./snapshot-request.ts";

const NO_DATABASE = -1;

export class RdbSink implements EntrySink {
  private readonly writer: RdbWriter;
  private readonly request: SnapshotRequest;
  private readonly plans: readonly TablePlan[];
  private readonly begun = new Set<number>();
  private databaseIndex = NO_DATABASE;
  private readonly source: { heap: Heap; accessClock: number };

  /** @param accessClock the keyspace's when the snapshot began: idle times are counted to it */
  constructor(sink: ByteSink, request: SnapshotRequest, plans: readonly TablePlan[], heap: Heap, accessClock: number) {
    this.writer = new RdbWriter(sink, request.rdb);
    this.request = request;
    this.plans = plans;
    this.source = { heap, accessClock };
  }

  begin(): void {
    this.writer.header(this.request.auxFields);
    for (const library of this.request.functionLibraries ?? []) this.writer.functionLibrary(library, 0, library.length);
  }

  entry(databaseIndex: number, entry: number): void {
    if (databaseIndex !== this.databaseIndex) this.select(databaseIndex);
    writeKeyspaceEntry(this.source, entry, this.writer, this.request.access ?? null);
  }

  finish(): void {
    this.writer.finish();
  }

  private select(databaseIndex: number): void {
    this.databaseIndex = databaseIndex;
    this.writer.selectDatabase(databaseIndex);
    if (this.begun.has(databaseIndex)) return;
    this.begun.add(databaseIndex);
    const plan = this.plans.find((each) => each.databaseIndex === databaseIndex);
    if (plan !== undefined) this.writer.resizeDatabase(plan.keyCount, plan.expiringCount);
  }
}
