/** RDB dumps: the codec, DUMP payloads, and files. */

export { Crc64 } from "./crc64.ts";
export { DEFAULT_MAX_STRING_BYTES, RDB_TYPE_STRING, RDB_VERSION, RdbError, rdbTypeName } from "./rdb-format.ts";
export type { RdbErrorKind } from "./rdb-format.ts";
export type { ByteSink } from "./rdb-output.ts";
export { RdbWriter } from "./rdb-writer.ts";
export type { RdbWriterOptions, RdbWriteVersion } from "./rdb-writer.ts";
export { RdbReader } from "./rdb-reader.ts";
export type { RdbHandler, ValueParts } from "./rdb-handler.ts";
export type { ByteSource, RdbChecksumState, RdbReaderOptions } from "./rdb-reader.ts";
export { readRdb } from "./read-rdb.ts";
export { RdbStreamWriter, writeRdb } from "./rdb-stream-writer.ts";
export type {
  RdbAuxField,
  RdbDatabase,
  RdbEntry,
  RdbFunctionLibrary,
  RdbItem,
  RdbSkipped,
  RdbStream,
  RdbStreamConsumer,
  RdbStreamEntry,
  RdbStreamGroup,
  RdbValue,
  WritableRdbEntry,
  WritableRdbItem,
} from "./rdb-items.ts";
export { dumpPayload, dumpValue, parseDumpPayload, readDumpValue } from "./dump-payload.ts";
export { ValueReader } from "./values/value-reader.ts";
export type { DumpPayload, DumpPayloadError, DumpPayloadOptions } from "./dump-payload.ts";
export { errorReason, FileError, nodeFileSystem } from "./file-system.ts";
export type { FileSystem, OpenMode, PathKind } from "./file-system.ts";
export { readWholeFile, replaceWholeFile } from "./whole-file.ts";
export { loadRdbFile, openRdbFile, RdbFileLoad, saveRdbFile } from "./rdb-file.ts";
export type { LoadRdbFileOptions, RdbLoadReport, SaveRdbFileOptions } from "./rdb-file.ts";
export { KeyspaceLoader, LoadError } from "./keyspace-loader.ts";
export type { KeyspaceLoadOptions, LoadNotes } from "./keyspace-loader.ts";
export { writeKeyspace, writeKeyspaceEntry, writeKeyspaceHeader } from "./keyspace-writer.ts";
export type { KeyspaceWriteOptions } from "./keyspace-writer.ts";
export { AofError, timestampAnnotation } from "./aof/aof-format.ts";
export type { AofErrorKind, AofLogger } from "./aof/aof-format.ts";
export { AofFiles } from "./aof/aof-files.ts";
export type { AofFilesOptions, OpenIncrement } from "./aof/aof-files.ts";
export { AofLoader } from "./aof/aof-loader.ts";
export type { AofHandler, AofLoaderOptions, AofLoadOutcome } from "./aof/aof-loader.ts";
export { AofReader } from "./aof/aof-reader.ts";
export type { AofItem, AofReaderOptions } from "./aof/aof-reader.ts";
export type { AofWatch } from "./aof/aof-watch.ts";
export { AppendLog } from "./aof/append-log.ts";
export type { AppendLogOptions, SyncPolicy } from "./aof/append-log.ts";
export { AppendOnly } from "./aof/append-only.ts";
export type { AppendOnlyState } from "./aof/append-only.ts";
export { RewriteLimit } from "./aof/rewrite-limit.ts";
export type { Snapshots } from "./snapshot/snapshot-api.ts";
export type { SnapshotOutcome, SnapshotProgress, SnapshotRequest } from "./snapshot/snapshot-request.ts";
export { SnapshotController } from "./snapshot/snapshot-controller.ts";
export { runInThread, runInTurns } from "./snapshot/snapshot-run.ts";
export { SnapshotJob } from "./snapshot/snapshot-job.ts";
export type { StartRun } from "./snapshot/snapshot-run.ts";
