/**
 * Durations, counted. Least, greatest and mean are exact; a percentile is exact to three digits, since durations with the same
 * first three digits are counted together:
 *
 *     index        0 ... 999   1000 ... 1899      1900 ... 2799       ...
 *     nanoseconds  0 ... 999   1000, 1010 ... 9990   10000, 10100 ...
 *
 * So the memory is the same for a minute and for a year, and every limit of two or three digits (250 us) lies between two counters:
 * how many samples lie below it is exact.
 */

const EXACT = 1000;
const PER_DECADE = 900;
const DECADES = 11;

export class LatencySamples {
  count = 0;
  minNs = Infinity;
  maxNs = 0;
  private totalNs = 0;
  private readonly counters = new Float64Array(EXACT + PER_DECADE * DECADES);

  add(durationNs: number): void {
    const ns = Math.max(0, durationNs);
    this.count++;
    this.totalNs += ns;
    this.minNs = Math.min(this.minNs, ns);
    this.maxNs = Math.max(this.maxNs, ns);
    const index = indexOf(ns);
    this.counters[index] = (this.counters[index] ?? 0) + 1;
  }

  /** Empties it. */
  clear(): void {
    this.count = 0;
    this.minNs = Infinity;
    this.maxNs = 0;
    this.totalNs = 0;
    this.counters.fill(0);
  }

  get averageNs(): number {
    return this.totalNs / this.count;
  }

  /** The smallest duration that at least this share (0 to 1) of the samples does not exceed. */
  percentileNs(share: number): number {
    // A share such as 0.999 is no exact number, and must not ask for one sample more than it means.
    const rank = Math.max(1, Math.ceil(share * this.count - 1e-9));
    if (rank >= this.count) return this.maxNs;
    let seen = 0;
    for (let index = 0; index < this.counters.length; index++) {
      seen += this.counters[index] ?? 0;
      if (seen >= rank) return Math.min(this.maxNs, Math.max(this.minNs, lowerBoundNs(index)));
    }
    return this.maxNs;
  }

  /** How many samples are at least `fromNs` and below `toNs`: exact for limits of at most three digits. */
  countBetween(fromNs: number, toNs: number): number {
    const end = toNs === Infinity ? this.counters.length : indexOf(toNs);
    let count = 0;
    for (let index = indexOf(fromNs); index < end; index++) count += this.counters[index] ?? 0;
    return count;
  }
}

function indexOf(ns: number): number {
  if (ns < EXACT) return Math.floor(ns);
  let decade = 0;
  let scaled = ns / 10;
  while (scaled >= EXACT && decade < DECADES - 1) {
    scaled /= 10;
    decade++;
  }
  return EXACT + decade * PER_DECADE + Math.min(Math.floor(scaled), EXACT - 1) - EXACT / 10;
}

function lowerBoundNs(index: number): number {
  if (index < EXACT) return index;
  const decade = Math.floor((index - EXACT) / PER_DECADE);
  return (((index - EXACT) % PER_DECADE) + EXACT / 10) * 10 ** (decade + 1);
}
