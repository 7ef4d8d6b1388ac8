/** One node of a cluster: its connection, and what it says of itself. */
import { replyText } from "../format/reply-text.ts";
import { ReplyError, type Reply } from "@sider/resp-protocol/client";
import { requestOf } from "../arguments.ts";
import { ConnectionError } from "../client/connection-error.ts";
import { ModeFailure } from "../modes/mode-failure.ts";
import type { ModeContext } from "../modes/mode-context.ts";
import { Session } from "../session/session.ts";
import { ClusterLog } from "./cluster-log.ts";
import { parseNodes, SLOT_COUNT, slotsOf, type NodeLine } from "./nodes-reply.ts";

export class ClusterNode {
  readonly host: string;
  readonly port: number;
  readonly log: ClusterLog;
  /** Its own line of CLUSTER NODES; before it is loaded, that of the node that named it. */
  line: NodeLine | null;
  slots: Uint8Array = new Uint8Array(SLOT_COUNT);
  replicaCount = 0;
  private readonly context: ModeContext;
  private readonly session: Session;

  constructor(context: ModeContext, host: string, port: number, line: NodeLine | null = null) {
    const { screen, options, session } = context;
    this.context = context;
    this.host = host;
    this.port = port;
    this.line = line;
    this.log = new ClusterLog(screen.out, context.process.env);
    // The address is the node's, the protocol RESP2; the password is sent below, as its refusal is told in another way here.
    const own = { host, port, socketPath: undefined, password: undefined, database: 0, resp3: "no" } as const;
    this.session = new Session({ ...options, ...own }, session.format, screen, false);
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  get id(): string {
    return this.line?.id ?? "";
  }

  get isReplica(): boolean {
    return this.line?.flags.includes("slave") === true;
  }

  get slotCount(): number {
    return this.slots.reduce((sum, isOwned) => sum + isOwned, 0);
  }

  /** False when there is no connection or the password is refused; that has been told. */
  async connect(): Promise<boolean> {
    if (this.session.isConnected) return true;
    if (!(await this.session.connectForMode())) return false;
    const { username, password } = this.context.options;
    if (password === undefined) return true;
    const reply = await this.ask(username === undefined ? ["AUTH", password] : ["AUTH", username, password]);
    return !this.isRefused(reply);
  }

  close(): void {
    this.session.close();
  }

  /** Resolves with the reply to a request of binary texts, or undefined when the connection ended. */
  async askOrLose(args: readonly string[]): Promise<Reply | undefined> {
    try {
      return await this.session.send(requestOf(args));
    } catch (error) {
      if (error instanceof ConnectionError) return undefined;
      throw error;
    }
  }

  /** As `askOrLose`, where null is no reply that could come. */
  async ask(args: readonly string[]): Promise<Reply> {
    return (await this.askOrLose(args)) ?? null;
  }

  /** As `ask`, with many requests at once. */
  async askAll(requests: readonly (readonly string[])[]): Promise<Reply[]> {
    return Promise.all(requests.map((args) => this.ask(args)));
  }

  /** Whether it is no reply but an error, which is told then. */
  isRefused(reply: Reply): boolean {
    if (reply instanceof ReplyError) this.tellError(reply.message);
    return reply instanceof ReplyError || reply === null;
  }

  tellError(message: string): void {
    this.log.say("error", `Node ${this.address} replied with error:\n${message}\n`);
  }

  /** Asks what it knows of itself and of others. Resolves with its lines, or with its refusal; null when the connection ended. */
  async load(): Promise<NodeLine[] | ReplyError | null> {
    const reply = await this.ask(["CLUSTER", "NODES"]);
    if (reply instanceof ReplyError || reply === null) return reply;
    const lines = parseNodes(replyText(reply));
    if (lines === null) throw new ModeFailure("Error: invalid CLUSTER NODES reply");
    const own = lines.find(({ flags }) => flags.includes("myself"));
    if (own !== undefined) {
      this.line = own;
      this.slots = slotsOf(own.slotWords);
    }
    return lines;
  }
}
