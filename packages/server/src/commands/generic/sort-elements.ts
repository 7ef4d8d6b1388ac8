/** The elements that SORT sorts, out of whatever holds them. */
import { NIL } from "@sider/datastructures";
import { openSetCursor, SetCursor, TYPE_SET, typeOf } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { SortTexts } from "./sort-texts.ts";

const setCursor = new SetCursor();

/** Adds all elements of an entry (NIL: none) to `texts`, in the order that they have. O(n). */
export function loadElements(context: CommandContext, entry: number, texts: SortTexts): void {
  const heap = context.keyspace.heap;
  texts.clear();
  if (entry === NIL) return;
  const type = typeOf(heap, entry);
  if (type === TYPE_SET) {
    openSetCursor(heap, entry, setCursor);
    while (setCursor.next()) texts.push(setCursor.member);
  }
}
