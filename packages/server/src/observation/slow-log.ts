/** The last commands that took longer than `slowlog-log-slower-than`, newest first: what SLOWLOG shows. */
import type { CommandContext } from "../dispatch/command-context.ts";
import { REDACTED, secretArguments } from "./secrets.ts";

/** As in Redis: so many words of a command are kept, and so many bytes of a word. */
const ARGUMENTS_MAXIMUM = 32;
const ARGUMENT_BYTES_MAXIMUM = 128;

export interface SlowCommand {
  readonly id: number;
  readonly unixSeconds: number;
  readonly microseconds: number;
  /** Latin-1. */
  readonly words: readonly string[];
  readonly address: string;
  readonly clientName: string;
}

export class SlowLog {
  /** `slowlog-max-len`. */
  maximum = 0;
  private readonly entries: SlowCommand[] = [];
  private nextId = 0;

  get length(): number {
    return this.entries.length;
  }

  /** Notes the command of a context. */
  add(context: CommandContext, microseconds: number): void {
    if (this.maximum === 0) return;
    const { session, keyspace } = context;
    this.entries.unshift({
      id: this.nextId++,
      unixSeconds: Math.floor(keyspace.nowMs / 1000),
      microseconds,
      words: wordsOf(context),
      address: session.transport.remoteAddress,
      clientName: session.name,
    });
    this.trim();
  }

  /** Drops what is more than `maximum`, the oldest first. */
  trim(): void {
    if (this.entries.length > this.maximum) this.entries.length = this.maximum;
  }

  /** The newest entries; all of them when `count` is -1. */
  latest(count: number): readonly SlowCommand[] {
    return count < 0 ? this.entries : this.entries.slice(0, count);
  }

  /** Forgets all entries. Their numbers are not given again. */
  reset(): void {
    this.entries.length = 0;
  }
}

function wordsOf(context: CommandContext): string[] {
  const secrets = secretArguments(context);
  const isTrimmed = context.count > ARGUMENTS_MAXIMUM;
  const count = isTrimmed ? ARGUMENTS_MAXIMUM - 1 : context.count;
  const words = Array.from({ length: count }, (_, index) =>
    secrets.includes(index) ? REDACTED : shortened(context, index),
  );
  if (isTrimmed) words.push(`... (${String(context.count - count)} more arguments)`);
  return words;
}

function shortened(context: CommandContext, index: number): string {
  const moreBytes = context.lengthOf(index) - ARGUMENT_BYTES_MAXIMUM;
  if (moreBytes <= 0) return context.text(index);
  return `${context.text(index, ARGUMENT_BYTES_MAXIMUM)}... (${String(moreBytes)} more bytes)`;
}
