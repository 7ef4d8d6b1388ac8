/** Directives for random tests: thresholds so low that values change their encoding all the time. */
export const SMALL_ENCODINGS = {
  "hash-max-listpack-entries": "5",
  "set-max-intset-entries": "4",
  "set-max-listpack-entries": "5",
  "zset-max-listpack-entries": "5",
  "list-max-listpack-size": "4",
  "stream-node-max-entries": "4",
  "hll-sparse-max-bytes": "100",
} as const;
