/** Labels above the columns that they belong to. */

export interface Tick {
  readonly column: number;
  readonly label: string;
}

/** Two lines: the labels, each beginning at its column, and marks below them. A label that would touch the one before is left out. */
export function axisLines(ticks: readonly Tick[]): [labels: string, marks: string] {
  let labels = "";
  let marks = "";
  for (const { column, label } of ticks) {
    if (labels.length > 0 && labels.length >= column) continue;
    labels = labels.padEnd(column) + label;
    marks = marks.padEnd(column) + "|";
  }
  return [labels, marks];
}
