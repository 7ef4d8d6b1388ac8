/**
 * `--latency-dist`: how the latencies of PING are distributed, a line each second or `-i`. What is not a terminal gets redis-cli's
 * spectrum (`latency-spectrum.ts`), a terminal a heat map with limits and percentiles (`latency-heat-map.ts`).
 */
import { terminalTraits } from "../draw/terminal-traits.ts";
import { systemClock, type Clock } from "../measure/clock.ts";
import { LatencyHeatMap } from "../measure/latency-heat-map.ts";
import { latencyReport } from "../measure/latency-report.ts";
import { LatencySpectrum } from "../measure/latency-spectrum.ts";
import { samplePings, type PingSample } from "../measure/ping-sampler.ts";
import { untilInterrupted } from "../measure/until-interrupted.ts";
import type { ModeContext } from "./mode-context.ts";

const DEFAULT_INTERVAL_MS = 1000;
const LINES_PER_LEGEND = 20;

/** What gathers samples and draws those of an interval as lines. */
interface Distribution {
  add(sample: PingSample): void;
  legend(): string[];
  /** Draws what was gathered since the last time, at least one sample. */
  takeLine(): string;
}

/** Runs until Ctrl-C. */
export async function runLatencyDist(context: ModeContext, clock: Clock = systemClock): Promise<number> {
  const { session, options, process } = context;
  if (!(await session.connectForMode())) return 1;
  const intervalMs = options.intervalMs || DEFAULT_INTERVAL_MS;
  const { isMonochrome } = options.modeOptions;
  const startMs = clock.nowMs();
  if (!process.stdout.isTTY) return show(context, clock, intervalMs, new LatencySpectrum(isMonochrome));
  const traits = (): ReturnType<typeof terminalTraits> => terminalTraits(process.stdout, process.env);
  const heatMap = new LatencyHeatMap({ traits, wallMs: () => clock.wallMs(), isMonochrome, intervalMs });
  return show(context, clock, intervalMs, heatMap, () => latencyReport(heatMap.all, clock.nowMs() - startMs, traits()));
}

async function show(
  context: ModeContext,
  clock: Clock,
  intervalMs: number,
  distribution: Distribution,
  lastLines: () => string[] = () => [],
): Promise<number> {
  const print = (lines: readonly string[]): void => {
    for (const line of lines) context.screen.out.addText(line + "\n");
    context.screen.out.flush();
  };
  let intervalStartMs = clock.nowMs();
  let lineCount = 0;
  const onSample = (sample: PingSample): boolean => {
    distribution.add(sample);
    if (Math.floor(clock.nowMs() - intervalStartMs) <= intervalMs) return true;
    if (lineCount++ % LINES_PER_LEGEND === 0) print(distribution.legend());
    print([distribution.takeLine()]);
    intervalStartMs = clock.nowMs();
    return true;
  };
  const run = async (signal: AbortSignal): Promise<number> => {
    await samplePings(context, clock, signal, onSample);
    return 0;
  };
  return untilInterrupted(context, run, () => print(lastLines()));
}
