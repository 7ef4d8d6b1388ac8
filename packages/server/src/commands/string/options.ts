/**
 * The options that SET and GETEX share: which are there, whether they go together, and the expiry that they give.
 *
 * At most one option says what becomes of the expiry and at most one of NX and XX is there; each may be repeated, the last counts.
 */
import { createInt64Scratch, int64ToBigInt, NO_EXPIRY } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { invalidExpireTime } from "../../dispatch/refusals.ts";

export const OPTION_NX = 1;
export const OPTION_XX = 2;
export const OPTION_GET = 4;
export const OPTION_KEEPTTL = 8;
export const OPTION_PERSIST = 16;
export const OPTION_EX = 32;
export const OPTION_PX = 64;
export const OPTION_EXAT = 128;
export const OPTION_PXAT = 256;

/** Options that are followed by a time. */
export const OPTIONS_WITH_TIME = OPTION_EX | OPTION_PX | OPTION_EXAT | OPTION_PXAT;
/** Options whose time is a date. */
export const OPTIONS_WITH_DATE = OPTION_EXAT | OPTION_PXAT;
export const OPTIONS_OF_SET = OPTION_NX | OPTION_XX | OPTION_GET | OPTION_KEEPTTL | OPTIONS_WITH_TIME;
export const OPTIONS_OF_GETEX = OPTION_PERSIST | OPTIONS_WITH_TIME;

const CONDITIONS = OPTION_NX | OPTION_XX;
const EXPIRIES = OPTION_KEEPTTL | OPTION_PERSIST | OPTIONS_WITH_TIME;
const IN_SECONDS = OPTION_EX | OPTION_EXAT;
const RELATIVE = OPTION_EX | OPTION_PX;

const SAFE_MAXIMUM = Number.MAX_SAFE_INTEGER;
const INT64_MAXIMUM = 2n ** 63n - 1n;
/** The largest int64 that a number holds exactly; what is above it in Redis is this here, in the year 292,278,994. */
const LATEST_EXPIRY_MS = 2 ** 63 - 1024;

/** What `readOptions` has found. One object, since a command is done with it before the next begins. */
export const found = { options: 0, timeIndex: 0 };

const time = createInt64Scratch();

/** Reads the options from argument `first` on into `found`; refuses and gives false unless all are among `allowed` and go together. */
export function readOptions(context: CommandContext, first: number, allowed: number): boolean {
  found.options = 0;
  for (let index = first; index < context.count; index++) {
    const option = optionAt(context, index) & allowed;
    const isFree = (found.options & rivalsOf(option)) === 0;
    const hasTime = (option & OPTIONS_WITH_TIME) !== 0;
    if (option === 0 || !isFree || (hasTime && index + 1 === context.count)) {
      context.refuse(SYNTAX_ERROR);
      return false;
    }
    found.options |= option;
    if (hasTime) found.timeIndex = ++index;
  }
  return true;
}

function rivalsOf(option: number): number {
  if ((option & CONDITIONS) !== 0) return CONDITIONS & ~option;
  return (option & EXPIRIES) !== 0 ? EXPIRIES & ~option : 0;
}

function optionAt(context: CommandContext, index: number): number {
  if (context.is(index, "ex")) return OPTION_EX;
  if (context.is(index, "px")) return OPTION_PX;
  if (context.is(index, "nx")) return OPTION_NX;
  if (context.is(index, "xx")) return OPTION_XX;
  if (context.is(index, "get")) return OPTION_GET;
  if (context.is(index, "keepttl")) return OPTION_KEEPTTL;
  if (context.is(index, "exat")) return OPTION_EXAT;
  if (context.is(index, "pxat")) return OPTION_PXAT;
  return context.is(index, "persist") ? OPTION_PERSIST : 0;
}

/**
 * The time in argument `index`, given as `option` says (one of OPTIONS_WITH_TIME), as an expiry in Unix milliseconds. Refuses and
 * gives NO_EXPIRY when it is no integer, not positive, or beyond 64 bits in milliseconds.
 */
export function readExpiryMs(context: CommandContext, index: number, option: number): number {
  if (!context.int64(index, time)) return NO_EXPIRY;
  const unitMs = (option & IN_SECONDS) !== 0 ? 1000 : 1;
  const baseMs = (option & RELATIVE) !== 0 ? context.keyspace.nowMs : 0;
  const expiresAtMs = time.safe * unitMs + baseMs;
  if (time.isSafe && time.safe > 0 && expiresAtMs <= SAFE_MAXIMUM) return expiresAtMs;
  const exact = int64ToBigInt(time.high, time.low) * BigInt(unitMs) + BigInt(baseMs);
  if (time.high >= 0 && !(time.isSafe && time.safe === 0) && exact <= INT64_MAXIMUM) {
    return Math.min(Number(exact), LATEST_EXPIRY_MS);
  }
  context.refuse(invalidExpireTime(context));
  return NO_EXPIRY;
}
