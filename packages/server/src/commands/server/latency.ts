/** LATENCY: events that took long, and how long commands take. */
import type { Command } from "@sider/command-spec";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { quoted } from "../../dispatch/refusals.ts";
import type { LatencyHistogram } from "../../observation/latency-histogram.ts";
import { drawEvent } from "./latency-graph.ts";
import { latencyReport } from "./latency-report.ts";

/** LATENCY HISTORY event */
export function latencyHistory(context: CommandContext): void {
  const samples = context.server.observation.latency.events.get(context.text(2))?.samples ?? [];
  context.reply.arrayHeader(samples.length);
  for (const { unixSeconds, milliseconds } of samples) {
    context.reply.arrayHeader(2);
    context.reply.integer(unixSeconds);
    context.reply.integer(milliseconds);
  }
}

/** LATENCY LATEST */
export function latencyLatest(context: CommandContext): void {
  const { events } = context.server.observation.latency;
  context.reply.arrayHeader(events.size);
  for (const [name, { samples, maximumMs }] of events) {
    const last = samples[samples.length - 1];
    context.reply.arrayHeader(4);
    context.reply.bulkLatin1(name);
    context.reply.integer(last.unixSeconds);
    context.reply.integer(last.milliseconds);
    context.reply.integer(maximumMs);
  }
}

/** LATENCY GRAPH event */
export function latencyGraph(context: CommandContext): void {
  const name = context.text(2);
  const event = context.server.observation.latency.events.get(name);
  if (event === undefined) return context.refuse(`ERR No samples available for event '${quoted(context, 2)}'`);
  context.reply.verbatim("txt", drawEvent(name, event, Math.floor(context.keyspace.nowMs / 1000)));
}

/** LATENCY DOCTOR */
export function latencyDoctor(context: CommandContext): void {
  context.reply.verbatim("txt", latencyReport(context.server));
}

/** LATENCY RESET [event ...] */
export function latencyReset(context: CommandContext): void {
  const names = Array.from({ length: context.count - 2 }, (_, index) => context.text(index + 2));
  context.reply.integer(context.server.observation.latency.reset(names));
}

/** LATENCY HISTOGRAM [command ...]; names that are none are left out, a container stands for its subcommands. */
export function latencyHistogram(context: CommandContext): void {
  const { table } = context.server;
  const chosen = context.count === 2 ? table.commands : namedCommands(context);
  const measured = chosen.flatMap((command) => {
    const histogram = table.histograms[table.numberOf(command.fullName)];
    return histogram === null ? [] : [[command.fullName, histogram] as const];
  });
  context.reply.mapHeader(measured.length);
  for (const [name, histogram] of measured) replyHistogram(context, name, histogram);
}

function namedCommands(context: CommandContext): Command[] {
  const { table } = context.server;
  const found: Command[] = [];
  for (let index = 2; index < context.count; index++) {
    const number = table.numberOf(context.text(index).toLowerCase());
    if (number < 0) continue;
    const command = table.commands[number];
    found.push(command, ...command.subcommands.values());
  }
  return found;
}

function replyHistogram({ reply }: CommandContext, name: string, histogram: LatencyHistogram): void {
  reply.bulkLatin1(name);
  reply.mapHeader(2);
  reply.bulkLatin1("calls");
  reply.integer(histogram.total);
  reply.bulkLatin1("histogram_usec");
  const steps = histogram.distribution();
  reply.mapHeader(steps.length);
  for (const [microseconds, count] of steps) {
    reply.integer(microseconds);
    reply.integer(count);
  }
}
