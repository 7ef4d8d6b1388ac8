/** How fast a counter grows: the mean over the last samples, as INFO's instantaneous_* fields show it. */

const SAMPLES = 16;

export class RateMeter {
  /** Mean growth a second over the last samples. */
  perSecond = 0;
  private readonly samples = new Float64Array(SAMPLES);
  private next = 0;
  private lastCount = 0;
  private lastMs = 0;

  /** Takes a sample: the counter's value at a time. A counter that was set back starts anew. */
  sample(count: number, nowMs: number): void {
    const elapsedMs = nowMs - this.lastMs;
    if (this.lastMs !== 0 && elapsedMs <= 0) return;
    const grown = count >= this.lastCount ? count - this.lastCount : count;
    if (this.lastMs !== 0) {
      this.samples[this.next] = (grown * 1000) / elapsedMs;
      this.next = (this.next + 1) % SAMPLES;
    }
    this.lastCount = count;
    this.lastMs = nowMs;
    let sum = 0;
    for (let at = 0; at < SAMPLES; at++) sum += this.samples[at];
    this.perSecond = sum / SAMPLES;
  }

  /** Forgets all samples. */
  reset(): void {
    this.samples.fill(0);
    this.perSecond = 0;
    this.lastMs = 0;
  }
}
