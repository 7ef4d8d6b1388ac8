/** Counters of a server: what INFO shows and CONFIG RESETSTAT clears. Plain numbers, incremented where things happen. */

import { RateMeter } from "./rate-meter.ts";

/** Kinds of errors that are told apart before further ones are counted together. */
const ERROR_CODES_MAXIMUM = 128;

export class Statistics {
  connectionsReceived = 0;
  connectionsRejected = 0;
  bytesReceived = 0;
  bytesSent = 0;
  /** Pieces of input, and of output: what `bytesReceived` and `bytesSent` came and went in. */
  readCount = 0;
  writeCount = 0;
  /** Clients closed since what they asked, or what they were to be told, took more room than they may have. */
  requestLimitDisconnections = 0;
  outputLimitDisconnections = 0;
  /** Clients closed for the sake of maxmemory-clients. */
  evictedClients = 0;
  /** Snapshots that were begun. */
  snapshots = 0;
  /** Logins with a wrong user or password; commands, keys and channels that a user had no right to. */
  deniedLogins = 0;
  deniedCommands = 0;
  deniedKeys = 0;
  deniedChannels = 0;
  /** The most memory that keys and values ever took, as the timer has seen it. */
  peakMemoryBytes = 0;
  /** Requests a second, and bytes a second of requests and of replies, over the last 1.6 seconds. */
  readonly commandRate = new RateMeter();
  readonly inputRate = new RateMeter();
  readonly outputRate = new RateMeter();
  totalErrors = 0;
  /** Errors by their code, the first word of the reply. */
  readonly errors = new Map<string, number>();

  /** Counts an error reply by its code. */
  countError(error: string): void {
    this.totalErrors++;
    const space = error.indexOf(" ");
    const code = space < 0 ? error : error.slice(0, space);
    const known = this.errors.get(code);
    if (known !== undefined) this.errors.set(code, known + 1);
    else if (this.errors.size < ERROR_CODES_MAXIMUM) this.errors.set(code, 1);
  }

  /** CONFIG RESETSTAT. */
  reset(): void {
    this.connectionsReceived = 0;
    this.connectionsRejected = 0;
    this.bytesReceived = 0;
    this.bytesSent = 0;
    this.readCount = 0;
    this.writeCount = 0;
    this.requestLimitDisconnections = 0;
    this.outputLimitDisconnections = 0;
    this.evictedClients = 0;
    this.snapshots = 0;
    this.deniedLogins = 0;
    this.deniedCommands = 0;
    this.deniedKeys = 0;
    this.deniedChannels = 0;
    this.peakMemoryBytes = 0;
    this.commandRate.reset();
    this.inputRate.reset();
    this.outputRate.reset();
    this.totalErrors = 0;
    this.errors.clear();
  }
}
