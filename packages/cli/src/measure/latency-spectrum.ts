/**
 * The spectrum of redis-cli's --latency-dist, for terminals of 256 colours: a line has a character for each range of latencies, on a
 * colour that tells how much of the line's samples lie in it.
 */
import { wholeMicroseconds, type PingSample } from "./ping-sampler.ts";

/** The character of each range, and its last microsecond. The final range has no end. */
const RANGES: readonly (readonly [mark: string, lastUs: number])[] = [
  [".", 10],
  ["-", 125],
  ["*", 250],
  ["#", 500],
  ...Array.from("123456789A", (mark, index) => [mark, (index + 1) * 1000] as const),
  ...Array.from("BCDE", (mark, index) => [mark, (index + 2) * 10_000] as const),
  ...Array.from("FGHIJ", (mark, index) => [mark, (index + 1) * 100_000] as const),
  ...Array.from("KLMNO", (mark, index) => [mark, 2 ** index * 1_000_000] as const),
  ["P", 30_000_000],
  ["Q", 60_000_000],
  ["?", Infinity],
];

/** Numbers of the 256 colours, from none of the samples to all of them. */
const COLOURS = [0, 233, 234, 235, 237, 239, 241, 243, 245, 247, 144, 143, 142, 184, 226, 214, 208, 202, 196];
const GREYS = [0, 233, 234, 235, 237, 239, 241, 243, 245, 247, 249, 251, 253];

const RULE = "---------------------------------------------";

export class LatencySpectrum {
  private readonly palette: readonly number[];
  private counts: number[] = RANGES.map(() => 0);
  private total = 0;

  constructor(isMonochrome: boolean) {
    this.palette = isMonochrome ? GREYS : COLOURS;
  }

  add(sample: PingSample): void {
    const latencyUs = wholeMicroseconds(sample);
    const index = RANGES.findIndex(([, lastUs]) => latencyUs <= lastUs);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total++;
  }

  legend(): string[] {
    return [
      RULE,
      ". - * #          .01 .125 .25 .5 milliseconds",
      "1,2,3,...,9      from 1 to 9     milliseconds",
      "A,B,C,D,E        10,20,30,40,50  milliseconds",
      "F,G,H,I,J        .1,.2,.3,.4,.5       seconds",
      "K,L,M,N,O,P,Q,?  1,2,4,8,16,30,60,>60 seconds",
      `From 0 to 100%: ${this.palette.map((colour) => `\x1b[48;5;${colour}m `).join("")}\x1b[0m`,
      RULE,
    ];
  }

  /** Black characters on colours. */
  takeLine(): string {
    const cells = RANGES.map(([mark], index) => {
      const share = (this.counts[index] ?? 0) / this.total;
      const colour = this.palette[Math.ceil(share * (this.palette.length - 1))] ?? 0;
      return `\x1b[48;5;${colour}m${mark}`;
    });
    this.counts = RANGES.map(() => 0);
    this.total = 0;
    return `\x1b[38;5;0m${cells.join("")}\x1b[0m`;
  }
}
