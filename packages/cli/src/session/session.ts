/**
 * One person or script at one server: connects (again) when needed, says who it is, sends commands, prints replies, and knows the
 * state that the prompt shows. One-shot mode and the prompt are loops over `run`.
 *
 * Messages are redis-cli's where it has one, since scripts look for them.
 */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ReplyError, type Reply, type RequestArgument } from "@sider/resp-protocol/client";
import { beginsWith, requestOf } from "../arguments.ts";
import { NO_ATTENDANT } from "./attendant.ts";
import { addressText, DEFAULT_HOST, type ServerAddress } from "../client/address.ts";
import { Client, type ByteReceiver, type ClientOptions } from "../client/client.ts";
import { ConnectionError } from "../client/connection-error.ts";
import { connectionMessage, plainAddress } from "../client/connection-message.ts";
import { redirectionOf, type Redirection } from "../client/redirection.ts";
import type { TlsConnectOptions } from "../client/tls-options.ts";
import { isMonitor, listens } from "../command-traits.ts";
import { PRINTABLE } from "../format/scalars.ts";
import type { ReplyFormat } from "../format/format-reply.ts";
import type { Options } from "../options/options.ts";
import { addressOf } from "../options/parse.ts";
import type { Screen } from "../screen.ts";
import { isAuth, SessionState } from "./session-state.ts";
import { announceMessages, showMessage, showPush, showReply, type Viewer } from "./show-reply.ts";
import { changesSubscriptions } from "./subscriptions.ts";

/** Nodes that send a command to each other must not send it round for ever. */
const MOST_REDIRECTIONS = 16;

export class Session implements Viewer {
  readonly screen: Screen;
  readonly format: ReplyFormat;
  address: ServerAddress;
  /** The connection was lost in a way that ends a script: what came was no RESP, or replies that have no end did end. */
  isLostForGood = false;
  attendant = NO_ATTENDANT;
  private readonly options: Options;
  private readonly isInteractive: boolean;
  private client: Client | null = null;
  private readonly state: SessionState;
  private isShuttingDown = false;
  private isInterrupted = false;
  private attempt = new AbortController();
  /** The command that is being run. */
  private running: readonly string[] | null = null;
  private isOpening = false;
  /** What came behind the last reply of a script and is no RESP: the next command is to say so. */
  private brokenBy: ConnectionError | null = null;

  constructor(options: Options, format: ReplyFormat, screen: Screen, isInteractive: boolean) {
    this.options = options;
    this.format = format;
    this.screen = screen;
    this.isInteractive = isInteractive;
    this.address = addressOf(options);
    this.state = new SessionState(options);
  }

  /** Whether the messages of SUBSCRIBE or MONITOR come in, until Ctrl-C. */
  get isListening(): boolean {
    return this.client?.isListening === true;
  }

  get isConnected(): boolean {
    return this.client?.isOpen === true;
  }

  /** Whether there is something to interrupt. */
  get isBusy(): boolean {
    return this.running !== null || this.isOpening;
  }

  /** Whether the command line says how replies are printed. */
  get isFormatDemanded(): boolean {
    return this.options.format !== undefined;
  }

  get isSubscribed(): boolean {
    return this.state.subscriptions.isAny;
  }

  /** Goes up when another connection would be to another place, or as another user. */
  get placeCount(): number {
    return this.state.placeCount;
  }

  /** `127.0.0.1:6379[1](TX)> `, `127.0.0.1:6379(subscribed mode)> `, as far as each applies. */
  get prompt(): string {
    if (!this.isConnected) return "not connected> ";
    const server = (this.address.kind === "unix" ? "redis " : "") + addressText(this.address);
    const { database, isInTransaction } = this.state;
    const mode = this.isSubscribed ? "(subscribed mode)" : isInTransaction ? "(TX)" : "";
    return `${server}${database === 0 ? "" : `[${database}]`}${mode}> `;
  }

  /** Connects anew. False when the server cannot be reached; a refused password or database is shown, and the connection remains. */
  async connect(): Promise<boolean> {
    try {
      await this.open();
      return true;
    } catch (error) {
      return this.endOfConnection(error);
    }
  }

  /** Connects for a mode or a redirected command. False when it cannot go on, a refused password, database or protocol included; that has been shown then. */
  async connectForMode(): Promise<boolean> {
    try {
      return await this.open();
    } catch (error) {
      return this.endOfConnection(error);
    }
  }

  /**
   * Connects, and says that nothing of it failed: false when the server refused what the options ask for, which was shown. Rejects
   * with a ConnectionError when there is no connection.
   */
  async open(): Promise<boolean> {
    this.close();
    this.isInterrupted = false;
    this.attempt = new AbortController();
    this.isOpening = true;
    try {
      const client = await Client.open({
        ...(await this.target()),
        signal: this.attempt.signal,
        onPush: (message) => this.onPush(message),
        onClose: (error) => {
          if (this.client === client) this.lose(error);
        },
      });
      this.client = client;
      // Most calls have nothing to say.
      if (!this.state.hasWishes) return true;
      const { greet } = await import("./greeting.ts");
      return await greet(client, this.state, this.screen);
    } finally {
      this.isOpening = false;
    }
  }

  /**
   * Opens another connection to the same server, as the same user and with the same database: for questions that are to disturb
   * neither a transaction nor a command that waits. Rejects when it cannot be opened before the signal.
   */
  async openAnother(signal: AbortSignal): Promise<Client> {
    const attempt = new AbortController();
    const abort = (): void => attempt.abort();
    signal.addEventListener("abort", abort);
    const client = await Client.open({ ...(await this.target()), signal: attempt.signal });
    await Promise.all(this.state.greetings.map((words) => client.call(requestOf(words))));
    signal.removeEventListener("abort", abort);
    return client;
  }

  private async target(): Promise<ClientOptions> {
    return { address: this.address, tls: await this.tls(), replies: PRINTABLE };
  }

  /** Read for each connection, since files are renewed. */
  private async tls(): Promise<TlsConnectOptions | undefined> {
    const { tls } = this.options;
    return tls.isOn ? (await import("../tls-files.ts")).readTlsFiles(tls) : undefined;
  }

  /**
   * Sends one request and shows nothing. Resolves with its reply as PRINTABLE has it (binary text, bytes, Elements), which may be a
   * ReplyError; rejects with a ConnectionError.
   */
  send(args: readonly RequestArgument[]): Promise<Reply> {
    return this.client?.send(args) ?? Promise.reject(new ConnectionError("closed", "Not connected"));
  }

  /** As `send`, with many requests in one write. */
  sendAll(requests: readonly (readonly RequestArgument[])[]): Promise<Reply[]> {
    return Promise.all(requests.map((args) => this.send(args)));
  }

  /** Hands the connection over to a mode that does not speak in requests and replies: see `Client.takeOver`. */
  takeOver(receiver: ByteReceiver): Socket {
    if (this.client === null) throw new ConnectionError("closed", "Not connected");
    return this.client.takeOver(receiver);
  }

  /** Turns to another server. */
  async connectTo(address: ServerAddress): Promise<boolean> {
    this.address = address;
    return this.connect();
  }

  close(): void {
    this.client?.close();
    this.client = null;
    this.state.begin();
  }

  /** Gives up what is running, for Ctrl-C, and connects again. */
  interrupt(): void {
    this.isInterrupted = true;
    this.attempt.abort();
    this.close();
  }

  /**
   * Runs a command `repeat` times (without end when negative) and prints its replies. False when it failed: no connection, or an
   * error reply where that counts as failure.
   */
  async run(args: readonly string[], repeat = 1): Promise<boolean> {
    this.isInterrupted = false;
    if (this.brokenBy !== null) return this.endForGood(this.brokenBy);
    if (!this.isConnected && !(await this.connect())) return false;
    this.running = args;
    try {
      let isListening = listens(args);
      for (let left = repeat; left !== 0 && !this.isInterrupted; left--) {
        if (!(await this.runOnce(args, isListening))) return false;
        // Who listens comes back here only when refused. As in redis-cli, MONITOR is not tried again, and SUBSCRIBE at once.
        if (isListening && isMonitor(args)) return true;
        if (isListening) {
          isListening = false;
          continue;
        }
        if (this.options.intervalMs > 0) await sleep(this.options.intervalMs);
      }
      return true;
    } catch (error) {
      if (this.isInterrupted) return await this.connect();
      // A server that shuts down does not answer.
      if (this.isShuttingDown && isClosed(error)) return true;
      return listens(args) || !isClosed(error) ? this.endForGood(error) : this.endOfConnection(error);
    } finally {
      this.running = null;
      this.screen.out.flush();
    }
  }

  private endForGood(error: unknown): false {
    this.isLostForGood = true;
    this.brokenBy = null;
    return this.endOfConnection(error);
  }

  /** Sends a command, to other nodes of a cluster too when it is redirected, and shows what it is answered. */
  private async runOnce(args: readonly string[], isListening: boolean): Promise<boolean> {
    this.isShuttingDown = beginsWith(args, "shutdown");
    for (let redirections = 0; this.client !== null; redirections++) {
      const reply = await this.request(this.client, args, isListening);
      if (reply === null && this.isSubscribing(args)) return true;
      const isFollowed = this.options.isClusterMode && redirections < MOST_REDIRECTIONS;
      const redirection = isFollowed ? redirectionOf(reply) : null;
      if (redirection === null) return this.answer(args, reply);
      if (!(await this.redirect(redirection))) return false;
    }
    return false;
  }

  /** Not an async function: a message that comes with the reply is to be shown after it. */
  private request(client: Client, args: readonly string[], isListening: boolean): Promise<Reply> {
    if (this.isSubscribing(args)) return this.changeSubscriptions(client, args);
    return isListening ? this.listen(client, args) : client.send(requestOf(args));
  }

  /** Whether the command begins or ends subscriptions that leave the prompt there. */
  private isSubscribing(args: readonly string[]): boolean {
    return this.attendant.staysSubscribed && changesSubscriptions(args);
  }

  private async answer(args: readonly string[], reply: Reply): Promise<boolean> {
    if (reply instanceof ReplyError && this.options.failsOnErrorReply && !this.isInteractive) {
      this.screen.warnBinary(reply.message);
      return false;
    }
    showReply(this, args, reply);
    this.state.follow(args, reply);
    if (isAuth(args)) await this.selectAgain();
    this.screen.out.flush();
    return true;
  }

  /** Another user may select what was refused before. */
  private async selectAgain(): Promise<void> {
    const { selectWanted } = await import("./greeting.ts");
    if (this.client !== null) await selectWanted(this.client, this.state, this.screen);
  }

  /** Turns to another node. False when it cannot be reached, or refuses to be asked. */
  private async redirect({ slot, host, port, isAsk }: Redirection): Promise<boolean> {
    const ownHost = this.address.kind === "tcp" ? this.address.host : DEFAULT_HOST;
    const address: ServerAddress = { kind: "tcp", host: host === "" ? ownHost : host, port };
    if (this.isInteractive) {
      this.screen.out.addText(`-> Redirected to slot [${slot}] located at ${plainAddress(address)}\n`);
    }
    this.address = address;
    if (!(await this.connectForMode())) return false;
    const reply = isAsk ? await this.send(["ASKING"]) : null;
    if (!(reply instanceof ReplyError)) return true;
    this.screen.warnBinary(`ASKING failed: ${reply.message}`);
    return false;
  }

  /** Begins or ends subscriptions, and lets the prompt have the connection. Resolves with null when all has been shown as it came. */
  private changeSubscriptions(client: Client, args: readonly string[]): Promise<Reply> {
    if (!this.isSubscribed) announceMessages(this, args);
    return client.subscribe(requestOf(args), this.state.subscriptions.confirmationsOf(args));
  }

  private listen(client: Client, args: readonly string[]): Promise<ReplyError> {
    announceMessages(this, args);
    return client.listen(requestOf(args), (message) => showMessage(this, message));
  }

  private onPush(message: Reply[]): void {
    const isWanted = this.state.subscriptions.note(message) && this.attendant.staysSubscribed;
    if (isWanted || this.options.showsPushes === true) this.attendant.makeRoom(() => showPush(this, message));
  }

  /** Says why there is no connection, unless that is what was wanted. Always false. */
  endOfConnection(error: unknown): false {
    const explanation = this.isInterrupted ? [] : this.explanationOf(error);
    this.close();
    if (!this.isInterrupted) this.warnOfConnection(error);
    for (const line of explanation) this.screen.warnBinary(line);
    return false;
  }

  /** The connection ended while no command waited for its reply. The next command connects again. */
  private lose(error: ConnectionError): void {
    if (this.attendant === NO_ATTENDANT && error.problem === "protocol") this.brokenBy = error;
    if (this.running !== null || this.attendant === NO_ATTENDANT) return;
    const explanation = this.explanationOf(error);
    this.close();
    if (explanation.length > 0) {
      this.attendant.makeRoom(() => {
        this.warnOfConnection(error);
        for (const line of explanation) this.screen.warnBinary(line);
      });
    }
    this.attendant.changed();
  }

  private explanationOf(error: unknown): string[] {
    if (!(error instanceof ConnectionError) || error.problem === "unreachable") return [];
    const { running: args, isSubscribed: wasSubscribed } = this;
    return this.attendant.explain({ args, wasInTransaction: this.state.isInTransaction, wasSubscribed });
  }

  private warnOfConnection(error: unknown): void {
    if (!(error instanceof ConnectionError)) throw error;
    this.screen.warn(connectionMessage(error, this.address));
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof ConnectionError && error.problem === "closed";
}
