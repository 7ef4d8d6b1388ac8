export { LZF_MAX_RATIO, LzfCompressor, lzfDecompress } from "./lzf.ts";
