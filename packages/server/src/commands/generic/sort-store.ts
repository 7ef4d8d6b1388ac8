/** SORT ... STORE: the result becomes a list. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { SortTexts } from "./sort-texts.ts";

export function storeSorted(context: CommandContext, _elements: SortTexts, _order: Int32Array): void {
  context.refuse("ERR not there yet");
}
