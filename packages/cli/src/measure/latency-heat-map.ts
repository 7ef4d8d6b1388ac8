/**
 * Latencies over time as a heat map: a row for each interval, a column for each range of latencies, percentiles at the end.
 *
 *     share of a row's samples, up to: ▁ 1%  ▂ 2%  ▃ 5%  ▄ 10%  ▅ 20%  ▆ 50%  █ 100%
 *              10µs  100µs 1ms   10ms  100ms 1s    10s       p50      p99      max
 *     time     |     |     |     |     |     |     |    (a row: 1 s)
 *     12:00:01     ▂█▃                                   85.3 µs   340 µs  1.23 ms
 */
import { axisLines, type Tick } from "../draw/axis.ts";
import { durationText } from "../draw/duration.ts";
import { heatLegend, heatRow, type Palette } from "../draw/heat-map.ts";
import type { TerminalTraits } from "../draw/terminal-traits.ts";
import { LatencySamples } from "./latency-samples.ts";
import { nanoseconds, type PingSample } from "./ping-sampler.ts";

export interface HeatMapOptions {
  /** Looked at for each line: the width of a terminal changes. */
  readonly traits: () => TerminalTraits;
  readonly wallMs: () => number;
  readonly isMonochrome: boolean;
  readonly intervalMs: number;
}

/** The columns begin with the first decade's limits; what is faster is in the first one, the last one has no end. */
const FIRST_DECADE_NS = 10_000;
const DECADES = 6;
const FINE_STEPS = [1, 1.5, 2, 3, 5, 7];
const COARSE_STEPS = [1, 2, 5];
const LEGEND = "share of a row's samples, up to:";
/** Terminals with fewer columns have the levels on a line of their own. */
const ONE_LINE_LEGEND = 80;
const TIME_WIDTH = 9;
const FIGURE_WIDTH = 9;

export class LatencyHeatMap {
  /** The samples of all rows. */
  readonly all = new LatencySamples();
  private readonly row = new LatencySamples();
  private readonly options: HeatMapOptions;
  private readonly palette: Palette;

  constructor(options: HeatMapOptions) {
    this.options = options;
    this.palette = options.isMonochrome ? "grey" : "warm";
  }

  add(sample: PingSample): void {
    const ns = nanoseconds(sample);
    this.all.add(ns);
    this.row.add(ns);
  }

  legend(): string[] {
    const traits = this.options.traits();
    const layout = layoutFor(traits);
    const [labels, marks] = axisLines(ticksOf(layout, traits));
    const figures = ["p50", "p99", "max"].slice(0, layout.figures).map((name) => name.padStart(FIGURE_WIDTH));
    const rowText = `  a row is ${durationText(this.options.intervalMs * 1e6, traits)}`;
    const levels = heatLegend(traits, this.palette);
    return [
      ...(traits.columns < ONE_LINE_LEGEND ? [LEGEND, `  ${levels}`] : [`${LEGEND} ${levels}`]),
      " ".repeat(TIME_WIDTH) + labels.padEnd(layout.limits.length) + figures.join(""),
      "time".padEnd(TIME_WIDTH) + marks.padEnd(layout.limits.length) + rowText,
    ];
  }

  takeLine(): string {
    const { traits, wallMs } = this.options;
    const current = traits();
    const { limits, figures } = layoutFor(current);
    const { row } = this;
    const shares = limits.map(
      (fromNs, index) => row.countBetween(index === 0 ? 0 : fromNs, limits[index + 1] ?? Infinity) / row.count,
    );
    const values = [row.percentileNs(0.5), row.percentileNs(0.99), row.maxNs]
      .slice(0, figures)
      .map((ns) => durationText(ns, current).padStart(FIGURE_WIDTH));
    row.clear();
    return timeText(wallMs()).padEnd(TIME_WIDTH) + heatRow(shares, current, this.palette) + values.join("");
  }
}

interface Layout {
  /** Where each column begins, in nanoseconds. */
  readonly limits: readonly number[];
  readonly columnsPerDecade: number;
  /** How many of the figures at the end there is room for. */
  readonly figures: number;
}

function layoutFor({ columns }: TerminalTraits): Layout {
  const steps = columns >= TIME_WIDTH + FINE_STEPS.length * DECADES + 1 ? FINE_STEPS : COARSE_STEPS;
  const decades = Array.from({ length: DECADES }, (_, decade) => FIRST_DECADE_NS * 10 ** decade);
  const limits = [...decades.flatMap((decade) => steps.map((step) => step * decade)), FIRST_DECADE_NS * 10 ** DECADES];
  const room = Math.floor((columns - TIME_WIDTH - limits.length) / FIGURE_WIDTH);
  return { limits, columnsPerDecade: steps.length, figures: Math.max(0, Math.min(3, room)) };
}

function ticksOf({ limits, columnsPerDecade }: Layout, traits: TerminalTraits): Tick[] {
  return limits.flatMap((limit, column) =>
    column % columnsPerDecade === 0 ? [{ column, label: durationText(limit, traits, "") }] : [],
  );
}

function timeText(wallMs: number): string {
  const time = new Date(wallMs);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
