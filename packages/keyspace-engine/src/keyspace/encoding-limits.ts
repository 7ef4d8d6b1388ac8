/**
 * Up to which size values keep their compact encodings: the directives of the same names, with Redis's defaults. One object per
 * keyspace; whoever configures the keyspace writes it, the values read it each time they grow.
 */
export class EncodingLimits {
  hashMaxListpackEntries = 512;
  hashMaxListpackValue = 64;
  /** Positive: entries a node; -1 to -5: 4, 8, 16, 32, 64 KiB a node. */
  listMaxListpackSize = -2;
  /** Nodes at either end that stay uncompressed; 0: none is compressed. */
  listCompressDepth = 0;
  /** From this length in bytes on an element of a large list is a node of its own; only DEBUG changes it. */
  listPlainBytes = 2 ** 30;
  setMaxIntsetEntries = 512;
  setMaxListpackEntries = 128;
  setMaxListpackValue = 64;
  zsetMaxListpackEntries = 128;
  zsetMaxListpackValue = 64;
  hllSparseMaxBytes = 3000;
  streamNodeMaxBytes = 4096;
  streamNodeMaxEntries = 100;
}
