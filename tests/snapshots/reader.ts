/** A second server that loads what a first one has written, and is asked what it holds then. */
import { copyFileSync, createReadStream, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { feedBytes } from "../bench-peers/feed.ts";
import { RawConnection } from "../support/connection.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";

export class Reader {
  readonly connection: RawConnection;
  readonly #server: RunningServer;

  private constructor(server: RunningServer, connection: RawConnection) {
    this.#server = server;
    this.connection = connection;
  }

  static async start(kind: PeerKind): Promise<Reader> {
    const server = await startServer({ kind, args: ["--enable-debug-command", "yes"] });
    return new Reader(server, await RawConnection.open(server.port));
  }

  /** Loads a dump, or a file of commands, instead of what it holds. */
  async load(file: string): Promise<void> {
    if (isDump(file)) {
      copyFileSync(file, join(this.#server.directory, "dump.rdb"));
      await this.#do("DEBUG", "RELOAD", "NOSAVE");
    } else {
      await this.#do("FLUSHALL");
      await feedBytes(this.#server.port, createReadStream(file));
    }
  }

  async stop(): Promise<void> {
    this.connection.close();
    await this.#server.stop("SIGKILL");
  }

  async #do(...command: string[]): Promise<void> {
    const reply = (await this.connection.call(...command)).toString("latin1");
    if (reply !== "+OK\r\n")
      throw new Error(`the reader answers ${reply} to ${command.join(" ")}:\n${this.#server.log()}`);
  }
}

/** The base of the append-only file in a directory of a server. */
export function baseFile(directory: string): string {
  const folder = join(directory, "appendonlydir");
  const name = readdirSync(folder).find((each) => each.endsWith(".manifest")) ?? "";
  const base = /^file (\S+) seq \d+ type b$/m.exec(readFileSync(join(folder, name), "latin1"));
  return join(folder, base?.[1] ?? "");
}

function isDump(file: string): boolean {
  return file.endsWith(".rdb");
}
