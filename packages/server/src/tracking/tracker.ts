/** What CLIENT TRACKING has set for one session. Kept while the session lives, so that what it has read counts when it tracks again. */
import type { Session } from "../session/session.ts";

export class Tracker {
  /** Null when the session is over: keys may still know the tracker. */
  session: Session | null;
  isOn = false;
  /** BCAST: told of all keys with its prefixes, and not of those that it has read. */
  isBroadcast = false;
  /** OPTIN and OPTOUT: CLIENT CACHING says of the next command that its keys are tracked, or not. */
  optsIn = false;
  optsOut = false;
  hasAnswered = false;
  /** NOLOOP: its own changes are no news. */
  skipsOwn = false;
  /** REDIRECT: the session that is told instead; 0 for none. */
  redirectId = 0;
  isRedirectBroken = false;
  /** Latin-1; of BCAST. */
  prefixes: string[] = [];

  constructor(session: Session) {
    this.session = session;
  }

  /** Whether the keys of a command that reads are remembered. */
  get remembers(): boolean {
    if (!this.isOn || this.isBroadcast) return false;
    return this.optsIn ? this.hasAnswered : !(this.optsOut && this.hasAnswered);
  }
}

/** Where what a session is told goes: 0 to itself, -1 nowhere. */
export function redirectOf(tracker: Tracker | null): number {
  return tracker?.isOn === true ? tracker.redirectId : -1;
}
