/** What fuzz tests have in common: a seed, and how long they run. Random numbers are those of `seededRandom`. */

/** SIDER_SEED, or a new one. A test says it in its name, so that a failure can be repeated. */
export const fuzzSeed = Number(process.env["SIDER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** SIDER_FUZZ_SCALE: how many times as long as usual. */
export const fuzzScale = Number(process.env["SIDER_FUZZ_SCALE"] ?? 1);
