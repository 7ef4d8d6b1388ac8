/** CLIENT TRACKING, CACHING, TRACKINGINFO and GETREDIR: the switches of client-side caching. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { redirectOf } from "../../tracking/tracker.ts";
import type { Tracker } from "../../tracking/tracker.ts";
import type { TrackingOptions } from "../../tracking/tracking.ts";

const NO_OPTIONS = { redirectId: 0, isBroadcast: false, optsIn: false, optsOut: false, skipsOwn: false } as const;
const OTHER_MODE = "before disabling tracking for this client, and then re-enabling it with a different mode.";
const NO_OVERLAP = "Prefixes for a single client must not overlap.";

/** CLIENT TRACKING ON|OFF [REDIRECT id] [PREFIX prefix]... [BCAST] [OPTIN] [OPTOUT] [NOLOOP] */
export function clientTracking(context: CommandContext): void {
  const { server, session } = context;
  const options = readOptions(context);
  if (context.error !== null) return;
  if (context.is(2, "on")) {
    checkOptions(context, options, session.tracker?.isOn === true ? session.tracker : null);
    if (context.error !== null) return;
    server.tracking.start(session, options);
  } else if (context.is(2, "off")) server.tracking.stop(session);
  else return context.refuse(SYNTAX_ERROR);
  context.reply.ok();
}

function readOptions(context: CommandContext): TrackingOptions {
  const options: TrackingOptions = { ...NO_OPTIONS, prefixes: [] };
  for (let index = 3; index < context.count && context.error === null; index++) {
    const hasMore = index + 1 < context.count;
    if (context.is(index, "redirect") && hasMore) readRedirect(context, ++index, options);
    else if (context.is(index, "prefix") && hasMore) options.prefixes.push(context.text(++index));
    else if (context.is(index, "bcast")) options.isBroadcast = true;
    else if (context.is(index, "optin")) options.optsIn = true;
    else if (context.is(index, "optout")) options.optsOut = true;
    else if (context.is(index, "noloop")) options.skipsOwn = true;
    else context.refuse(SYNTAX_ERROR);
  }
  return options;
}

function readRedirect(context: CommandContext, index: number, options: TrackingOptions): void {
  if (options.redirectId !== 0) return context.refuse("ERR A client can only redirect to a single other client");
  const id = context.integer(index);
  if (context.error !== null) return;
  if (!context.server.sessions.has(id)) return context.refuse("ERR The client ID you want redirect to does not exist");
  options.redirectId = id;
}

/** Refuses options that do not go together, or not with what the session does already. */
function checkOptions(context: CommandContext, options: TrackingOptions, current: Tracker | null): void {
  const { isBroadcast, optsIn, optsOut, prefixes } = options;
  if (!isBroadcast && prefixes.length > 0) context.refuse("ERR PREFIX option requires BCAST mode to be enabled");
  if (current !== null && current.isBroadcast !== isBroadcast)
    context.refuse(`ERR You can't switch BCAST mode on/off ${OTHER_MODE}`);
  if (isBroadcast && (optsIn || optsOut)) context.refuse("ERR OPTIN and OPTOUT are not compatible with BCAST");
  if (optsIn && optsOut) context.refuse("ERR You can't specify both OPTIN mode and OPTOUT mode");
  if (current !== null && ((optsIn && current.optsOut) || (optsOut && current.optsIn)))
    context.refuse(`ERR You can't switch OPTIN/OPTOUT mode ${OTHER_MODE}`);
  if (isBroadcast) checkPrefixes(context, prefixes, current?.prefixes ?? []);
}

function checkPrefixes(context: CommandContext, prefixes: readonly string[], existing: readonly string[]): void {
  prefixes.forEach((prefix, at) => {
    const known = existing.find((other) => overlap(prefix, other));
    if (known !== undefined)
      context.refuse(`ERR Prefix '${prefix}' overlaps with an existing prefix '${known}'. ${NO_OVERLAP}`);
    const given = prefixes.slice(at + 1).find((other) => overlap(prefix, other));
    if (given !== undefined)
      context.refuse(`ERR Prefix '${prefix}' overlaps with another provided prefix '${given}'. ${NO_OVERLAP}`);
  });
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** CLIENT CACHING YES|NO: what OPTIN and OPTOUT mean for the next command, or for the transaction. */
export function clientCaching(context: CommandContext): void {
  const { tracker } = context.session;
  if (tracker === null || !tracker.isOn) {
    return context.refuse(
      "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled",
    );
  }
  const isYes = context.is(2, "yes");
  if (!isYes && !context.is(2, "no")) return context.refuse(SYNTAX_ERROR);
  if (isYes && !tracker.optsIn)
    return context.refuse("ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
  if (!isYes && !tracker.optsOut)
    return context.refuse("ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
  tracker.hasAnswered = true;
  context.reply.ok();
}

/** CLIENT GETREDIR */
export function clientGetRedir(context: CommandContext): void {
  context.reply.integer(redirectOf(context.session.tracker));
}

/** CLIENT TRACKINGINFO */
export function clientTrackingInfo(context: CommandContext): void {
  const { reply, session } = context;
  const flags = flagsOf(session.tracker);
  const prefixes = session.tracker?.prefixes ?? [];
  reply.mapHeader(3);
  reply.bulkLatin1("flags");
  reply.setHeader(flags.length);
  for (const flag of flags) reply.bulkLatin1(flag);
  reply.bulkLatin1("redirect");
  reply.integer(redirectOf(session.tracker));
  reply.bulkLatin1("prefixes");
  reply.arrayHeader(prefixes.length);
  for (const prefix of prefixes) reply.bulkLatin1(prefix);
}

function flagsOf(tracker: Tracker | null): string[] {
  if (tracker === null || !tracker.isOn) return ["off"];
  const flags = ["on"];
  if (tracker.isBroadcast) flags.push("bcast");
  if (tracker.optsIn) flags.push("optin");
  if (tracker.optsIn && tracker.hasAnswered) flags.push("caching-yes");
  if (tracker.optsOut) flags.push("optout");
  if (tracker.optsOut && tracker.hasAnswered) flags.push("caching-no");
  if (tracker.skipsOwn) flags.push("noloop");
  if (tracker.isRedirectBroken) flags.push("broken_redirect");
  return flags;
}
