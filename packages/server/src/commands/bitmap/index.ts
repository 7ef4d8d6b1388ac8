/** Handlers of the bitmap commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { getbit, setbit } from "./bit.ts";
import { bitfield, bitfieldReadOnly } from "./bitfield.ts";
import { bitop } from "./bitop.ts";
import { bitcount, bitpos } from "./range.ts";

export const bitmapHandlers = {
  bitcount,
  bitfield,
  bitfield_ro: bitfieldReadOnly,
  bitop,
  bitpos,
  getbit,
  setbit,
} satisfies Handlers<"bitmap">;
