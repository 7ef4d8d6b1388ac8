/** RDB dumps: the codec, DUMP payloads, and files. */

export { Crc64 } from "./crc64.ts";
export { DEFAULT_MAX_STRING_BYTES, RDB_TYPE_STRING, RDB_VERSION, RdbError, rdbTypeName } from "./rdb-format.ts";
export type { RdbErrorKind } from "./rdb-format.ts";
export type { ByteSink } from "./rdb-output.ts";
export { RdbWriter } from "./rdb-writer.ts";
export type { RdbWriterOptions, RdbWriteVersion } from "./rdb-writer.ts";
export { RdbReader } from "./rdb-reader.ts";
export type { ByteSource, RdbChecksumState, RdbHandler, RdbReaderOptions, ValueParts } from "./rdb-reader.ts";
export { dumpPayload, dumpValue, parseDumpPayload, readDumpValue } from "./dump-payload.ts";
export { ValueReader } from "./values/value-reader.ts";
export type { DumpPayload, DumpPayloadError, DumpPayloadOptions } from "./dump-payload.ts";
export { errorReason, FileError, nodeFileSystem } from "./file-system.ts";
export type { FileSystem, OpenMode, PathKind } from "./file-system.ts";
export { loadRdbFile, openRdbFile, RdbFileLoad, saveRdbFile } from "./rdb-file.ts";
export type { LoadRdbFileOptions, RdbLoadReport, SaveRdbFileOptions } from "./rdb-file.ts";
export { KeyspaceLoader, LoadError } from "./keyspace-loader.ts";
export type { KeyspaceLoadOptions, LoadNotes } from "./keyspace-loader.ts";
export { writeKeyspace, writeKeyspaceEntry, writeKeyspaceHeader } from "./keyspace-writer.ts";
export type { KeyspaceWriteOptions } from "./keyspace-writer.ts";
