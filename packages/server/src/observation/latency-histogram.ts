/**
 * How often which durations occurred: a histogram whose buckets are at most 1/128 of their value wide, as Redis keeps them.
 *
 *   values    0 .. 255    256 .. 511    512 .. 1023    ...  up to a second, in nanoseconds
 *   width        1            2             4
 *   index     0 .. 255    256 .. 383    384 .. 511          128 buckets for each doubling
 */
const EXACT_VALUES = 256;
const HALF_LOG2 = 7;
const HALF = 1 << HALF_LOG2;
const MAXIMUM = 1_000_000_000;
/** The first bucket of a cumulative distribution ends about here; each other at twice the value of the one before. */
const FIRST_LEVEL = 1024;
const NANOSECONDS_A_MICROSECOND = 1000;

export class LatencyHistogram {
  total = 0;
  private readonly counts = new Float64Array(indexOf(MAXIMUM) + 1);

  /** Counts a duration in nanoseconds, `times` times. What is shorter than one or longer than a second counts as that. */
  record(nanoseconds: number, times: number): void {
    const value = nanoseconds < 1 ? 1 : nanoseconds > MAXIMUM ? MAXIMUM : nanoseconds | 0;
    this.counts[indexOf(value)] += times;
    this.total += times;
  }

  /** The duration in nanoseconds that this percentage of all does not exceed. O(buckets). */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.floor((percent / 100) * this.total + 0.5));
    let index = 0;
    for (let seen = this.counts[0]; seen < wanted && index < this.counts.length - 1; seen += this.counts[index])
      index++;
    return percent === 0 ? lowestOf(index) : highestOf(index);
  }

  /**
   * Microseconds, each about twice those before, with the count of durations up to there; those at which nothing is added are left out.
   * O(buckets).
   */
  distribution(): (readonly [microseconds: number, count: number])[] {
    const steps: (readonly [number, number])[] = [];
    let index = -1;
    let seen = 0;
    for (let level = FIRST_LEVEL; seen < this.total; level *= 2) {
      const before = seen;
      const last = level > MAXIMUM ? this.counts.length - 1 : indexOf(level);
      while (index < last) seen += this.counts[++index];
      if (seen > before) steps.push([Math.floor(highestOf(last) / NANOSECONDS_A_MICROSECOND), seen]);
    }
    return steps;
  }
}

/** The bucket of a value. */
function indexOf(value: number): number {
  const shift = 31 - Math.clz32(value | (EXACT_VALUES - 1)) - HALF_LOG2;
  return (shift << HALF_LOG2) + (value >> shift);
}

function lowestOf(index: number): number {
  if (index < EXACT_VALUES) return index;
  const shift = (index >> HALF_LOG2) - 1;
  return ((index & (HALF - 1)) + HALF) << shift;
}

function highestOf(index: number): number {
  return index < EXACT_VALUES ? index : lowestOf(index) + (1 << ((index >> HALF_LOG2) - 1)) - 1;
}
