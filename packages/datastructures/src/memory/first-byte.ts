/**
 * Where page 0 begins in a reservation: at an address that is a multiple of a cache line, as far as that can be foreseen. Buckets and
 * most blocks are cut so that they lie in one line, or in as few as they can; off by some bytes each of them costs a line more. Measured
 * with a million members: a tenth of the time of a lookup.
 *
 *     address of the buffer | skipped | page 0 | page 1 | ...
 *                 16 mod 64    48       0 mod 64
 *
 * JavaScript does not tell addresses. But the large blocks of malloc on Linux, glibc's and musl's, begin 16 bytes behind a page's
 * beginning, and those of other systems with a whole line. Where this is wrong everything works, a little slower.
 */
const CACHE_LINE_BYTES = 64;
const LINUX_HEADER_BYTES = 16;

const { process } = globalThis as { process?: { platform?: string } };

/** Where page 0 begins in a buffer, in bytes: a multiple of 8. The same in all threads of a process. */
export const FIRST_BYTE = process?.platform === "linux" ? CACHE_LINE_BYTES - LINUX_HEADER_BYTES : 0;
