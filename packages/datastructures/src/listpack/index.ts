export { EMPTY_BYTES as EMPTY_LISTPACK_BYTES, END, listpackBytes, writeEmptyListpack } from "./layout.ts";
export { HEADER_BYTES as LISTPACK_HEADER_BYTES, MAXIMUM_BYTES as MAXIMUM_LISTPACK_BYTES } from "./layout.ts";
export {
  entriesBetween,
  entryBytes,
  entryOrEnd,
  firstEntry,
  lastEntry,
  listpackCount,
  ListpackText,
  ListpackValue,
  nextEntry,
  previousEntry,
  readEntry,
  readText,
  SHORT_TEXT_FRAME_BYTES,
  SHORT_TEXT_HEAD_BYTES,
  shortTextLength,
} from "./read.ts";
export { seekEntry } from "./seek.ts";
export { entryEquals, findEntry } from "./find.ts";
export {
  encodedBytes,
  encodedIntegerBytes,
  encodedTextBytes,
  writeEntry,
  writeIntegerEntry,
  writeTextEntry,
} from "./encode.ts";
export {
  appendEntry,
  appendInteger,
  appendPair,
  createListpack,
  deleteEntries,
  insertEntry,
  insertInteger,
  prependEntry,
  replaceEntry,
  replaceInteger,
  reserveListpack,
  shrinkListpack,
  type NewText,
} from "./change.ts";
export { moveBytes } from "./move-bytes.ts";
export { validateListpack } from "./validate.ts";
