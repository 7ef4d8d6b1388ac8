/**
 * The commands that the prompt can tell something about: those of command-spec, and what a server told of others that it has
 * (modules, other versions), which are added as they become known.
 */
import { commands, type Command } from "@sider/command-spec";

/** What is known of a command; `Command` of command-spec is one. */
export interface KnownCommand extends Pick<
  Command,
  "name" | "summary" | "since" | "complexity" | "arguments" | "keys" | "history"
> {
  /** `config|get`. */
  readonly fullName: string;
  readonly group: string;
  readonly flags: readonly string[];
  readonly container: KnownCommand | null;
  readonly subcommands: ReadonlyMap<string, KnownCommand>;
  readonly deprecatedSince?: string;
  readonly replacedBy?: string;
  /** Absent for what a server told. */
  readonly categories?: Command["categories"];
  readonly arity?: number;
  readonly reply?: string;
}

export class KnownCommands {
  private readonly learnt = new Map<string, KnownCommand>();

  /** Adds what a server told; what command-spec says stays. */
  learn(learnt: Iterable<KnownCommand>): void {
    for (const command of learnt) this.learnt.set(command.name, command);
  }

  /** The command that the words name, a subcommand if they name one. */
  find([name = "", word = ""]: readonly string[]): KnownCommand | undefined {
    const lower = name.toLowerCase();
    const command: KnownCommand | undefined = commands.get(lower) ?? this.learnt.get(lower);
    return command?.subcommands.get(word.toLowerCase()) ?? command;
  }

  /** Every command, and right after its container every subcommand. */
  *each(): Generator<KnownCommand> {
    for (const all of [commands, this.learnt]) {
      for (const command of all.values()) {
        yield command;
        yield* command.subcommands.values();
      }
    }
  }
}

/** The name as a person types it: `CONFIG GET`. */
export function typedNameOf(command: KnownCommand): string {
  return command.fullName.replace("|", " ").toUpperCase();
}

/** How many words name the command. */
export function nameLength(command: KnownCommand): number {
  return command.container === null ? 1 : 2;
}
