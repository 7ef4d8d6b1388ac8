/**
 * One line that says how far some work is, no wider than the terminal:
 *
 *     pipe  ████████████▌                 42 %  12.6/30.0 MiB  5.3 MiB/s  0:03 left
 *
 * On a narrow terminal the bar goes first, then the amount, the rate and the time; the percentage remains. Where neither the total nor the share is
 * known there is neither bar nor percentage, and the time is what has passed.
 */

import { bar } from "../draw/bar.ts";
import type { TerminalTraits } from "../draw/terminal-traits.ts";

/** What the work is counted in. */
export type ProgressUnit = "bytes" | "keys";

/** How far work is. */
export interface Standing {
  readonly done: number;
  /** Undefined: not known. */
  readonly total?: number | undefined;
  /** From 0 to 1, where that is known and the total is not. */
  readonly share?: number | undefined;
}

export interface ProgressState extends Standing {
  readonly label: string;
  readonly unit: ProgressUnit;
  readonly perSecond: number;
  readonly elapsedMs: number;
}

/** What the terminal can show. */
export type ProgressTraits = Pick<TerminalTraits, "colours" | "hasUnicode">;

const NARROWEST_BAR = 10;
const WIDEST_BAR = 40;
const GAP = "  ";
const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const COUNT_UNITS = ["", " k", " M", " G", " T"];
/** Beyond this a time left is no help. */
const LONGEST_SECONDS = 100 * 3600;

/** At the end of the row, for the cursor and for the ^C that a terminal shows: nothing is to wrap. */
const FREE_COLUMNS = 3;

/** The line, without a line end. `columns` is the width of the terminal. */
export function progressLine(state: ProgressState, columns: number, traits: ProgressTraits): string {
  const width = Math.max(0, columns - FREE_COLUMNS);
  const fields = fieldsOf(state);
  // Dropped in turn until the rest fits; the percentage, or the amount where there is none, is the last.
  for (const dropped of ["amount", "rate", "time", "label"] as const) {
    if (widthOf(fields) <= width) break;
    if (dropped !== "amount" || fields.percent !== undefined) fields[dropped] = undefined;
  }
  const room = Math.min(WIDEST_BAR, width - widthOf(fields) - GAP.length);
  const fraction = fractionOf(state);
  const hasBar = fraction !== undefined && room >= NARROWEST_BAR;
  const bar = hasBar ? barOf(fraction, room, traits) : undefined;
  const { label, percent, amount, rate, time } = fields;
  const line = [label, bar, percent, amount, rate, time].filter((field) => field !== undefined).join(GAP);
  return hasBar ? line : line.slice(0, width);
}

type Field = "label" | "percent" | "amount" | "rate" | "time";

function fieldsOf(state: ProgressState): Record<Field, string | undefined> {
  const { label, unit, done, total, perSecond } = state;
  const fraction = fractionOf(state);
  const percent = fraction === undefined ? undefined : `${Math.floor(fraction * 100)} %`.padStart(5);
  return {
    label,
    percent,
    amount: amountOf(unit, done, total),
    rate: `${quantity(unit, perSecond)}/s`,
    time: timeOf(state),
  };
}

function widthOf(fields: Record<Field, string | undefined>): number {
  const texts = Object.values(fields).filter((field) => field !== undefined);
  return texts.join(GAP).length;
}

function fractionOf({ done, total, share }: ProgressState): number | undefined {
  if (total === undefined) return share;
  return total <= 0 ? undefined : Math.min(1, done / total);
}

function amountOf(unit: ProgressUnit, done: number, total: number | undefined): string {
  const name = unit === "keys" ? " keys" : "";
  return total === undefined ? quantity(unit, done) + name : `${quantity(unit, done)}/${quantity(unit, total)}${name}`;
}

function timeOf({ done, total, share, perSecond, elapsedMs }: ProgressState): string | undefined {
  if (total === undefined && share === undefined) return clockText(elapsedMs / 1000);
  const left = total === undefined ? elapsedMs / 1000 / (share ?? 0) - elapsedMs / 1000 : (total - done) / perSecond;
  const seconds = Math.ceil(Math.max(0, left));
  return seconds < LONGEST_SECONDS ? `${clockText(seconds)} left` : undefined;
}

/** `12.6 MiB`, `420 k`: three digits or so. */
function quantity(unit: ProgressUnit, value: number): string {
  const [base, names] = unit === "bytes" ? [1024, BYTE_UNITS] : [1000, COUNT_UNITS];
  let scaled = value;
  let step = 0;
  while (scaled >= base * 0.9995 && step < names.length - 1) {
    scaled /= base;
    step++;
  }
  const digits = step === 0 || scaled >= 99.95 ? 0 : 1;
  const gap = unit === "bytes" ? " " : "";
  return scaled.toFixed(digits) + gap + (names[step] ?? "");
}

/** `0:07`, `12:40`, `1:02:03`. */
function clockText(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

function barOf(fraction: number, width: number, { colours, hasUnicode }: ProgressTraits): string {
  const room = hasUnicode ? width : width - 2;
  const filled = bar(fraction, room, { hasUnicode });
  const rest = (hasUnicode ? " " : "-").repeat(room - filled.length);
  // Cyan for what is done.
  const drawn = (colours === 0 ? filled : `\x1b[36m${filled}\x1b[39m`) + rest;
  return hasUnicode ? drawn : `[${drawn}]`;
}
