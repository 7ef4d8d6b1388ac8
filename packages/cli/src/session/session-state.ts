/**
 * What a connection is like after the commands that were sent on it, and what the next one is to be like: user, protocol, database. A
 * session follows each reply with it; the prompt shows it.
 */
import { ReplyError, type Reply } from "@sider/resp-protocol/client";
import { beginsWith } from "../arguments.ts";
import type { Options } from "../options/options.ts";
import { Subscriptions } from "./subscriptions.ts";

type Credentials = Pick<Options, "username" | "password">;

export class SessionState {
  /** The database that is selected now. */
  database = 0;
  isInTransaction = false;
  readonly subscriptions = new Subscriptions();
  /** Goes up when another connection would be to another place, or as another user. */
  placeCount = 0;
  /** What a new connection is to have. */
  wantedDatabase: number;
  resp3: Options["resp3"];
  private credentials: Credentials;
  private readonly options: Options;
  private databaseBeforeTransaction = 0;

  constructor(options: Options) {
    this.options = options;
    this.wantedDatabase = options.database;
    this.resp3 = options.isResp2Demanded ? "no" : options.resp3;
    this.credentials = options;
  }

  /** The request that says who one is; undefined when nobody has a password. */
  get authentication(): string[] | undefined {
    const { username, password } = this.credentials;
    if (password === undefined) return undefined;
    return username === undefined ? ["AUTH", password] : ["AUTH", username, password];
  }

  /** Whether the connection is to be another than each is at first: a user, a database, a protocol. */
  get hasWishes(): boolean {
    return this.authentication !== undefined || this.wantedDatabase !== this.database || this.resp3 !== "no";
  }

  /** The requests after which another connection is as this one is. */
  get greetings(): string[][] {
    const selection = this.database === 0 ? [] : [["SELECT", String(this.database)]];
    return this.authentication === undefined ? selection : [this.authentication, ...selection];
  }

  /** A connection is there, or none: nothing was said on it. */
  begin(): void {
    this.placeCount++;
    this.database = 0;
    this.isInTransaction = false;
    this.subscriptions.clear();
  }

  /** Keeps up with what a command did. */
  follow(args: readonly string[], reply: Reply): void {
    const isRefused = reply instanceof ReplyError;
    if (beginsWith(args, "exec") && args.length === 1 && this.isInTransaction) {
      this.endTransaction(isRefused || reply === null);
    } else if (isRefused) return;
    else if (isAuth(args)) {
      this.become({ password: args.at(-1), username: args.length === 3 ? args[1] : undefined });
    } else if (beginsWith(args, "hello")) this.followHello(args);
    else if (beginsWith(args, "select") && args.length === 2) {
      this.database = this.wantedDatabase = parseInt(args[1] ?? "", 10) || 0;
      this.placeCount++;
    } else if (args.length === 1) this.followWord(args);
  }

  /** The commands that take nothing. */
  private followWord(args: readonly string[]): void {
    if (beginsWith(args, "multi")) {
      this.isInTransaction = true;
      this.databaseBeforeTransaction = this.database;
    } else if (beginsWith(args, "discard")) this.endTransaction(true);
    else if (beginsWith(args, "reset")) {
      this.begin();
      this.wantedDatabase = 0;
      this.resp3 = "no";
      this.credentials = this.options;
    }
  }

  /** HELLO [protover [AUTH username password] ...] */
  private followHello(args: readonly string[]): void {
    if (args.length > 1) this.resp3 = args[1] === "3" ? "demanded" : "no";
    const at = args.findIndex((word) => word.toLowerCase() === "auth");
    if (at > 1) this.become({ username: args[at + 1], password: args[at + 2] });
  }

  private become(credentials: Credentials): void {
    this.credentials = credentials;
    this.placeCount++;
  }

  private endTransaction(isUndone: boolean): void {
    this.isInTransaction = false;
    if (isUndone) this.database = this.wantedDatabase = this.databaseBeforeTransaction;
  }
}

/** AUTH, as the server takes it. */
export function isAuth(args: readonly string[]): boolean {
  return beginsWith(args, "auth") && (args.length === 2 || args.length === 3);
}
