/** The server of a row that has answers of its own: it says what redis-server never says, in turn, and closes where it is told to. */
import { Buffer } from "node:buffer";
import { createServer, type Socket } from "node:net";
import { ReplyParser, type Reply } from "@sider/resp-protocol/client";
import { listenOnLoopback, type LoopbackServer } from "../testing/loopback.ts";
import { bulk, type Surroundings } from "./invocation.ts";

export interface RowServer extends LoopbackServer {
  /** What it says on new connections from now on. */
  answer(row: Surroundings): void;
}

const GREETINGS = new Set(["AUTH", "SELECT", "HELLO"]);

export async function startRowServer(): Promise<RowServer> {
  let row: Surroundings = {};
  const server = createServer((socket) => serve(socket, row));
  return { ...(await listenOnLoopback(server)), answer: (next) => (row = next) };
}

function serve(
  socket: Socket,
  { answers = [], greetings = {}, welcome, closes = false, mirrors = false }: Surroundings,
): void {
  let next = 0;
  const say = (text: string): void => void socket.write(Buffer.from(text, "latin1"));
  const answerTo = (request: readonly string[]): void => {
    const [name = "", subcommand] = request;
    const command = name.toUpperCase();
    // redis-cli asks for them before the first line of a script.
    if (command === "COMMAND" && subcommand === "DOCS") return say("*0\r\n");
    if (GREETINGS.has(command)) {
      const greeting = greetings[command] ?? "+OK\r\n";
      return greeting === "" ? void socket.end() : say(greeting);
    }
    if (!socket.writable) return;
    if (mirrors) return say(`*${request.length}\r\n${request.map(bulk).join("")}`);
    say(answers[Math.min(next++, answers.length - 1)] ?? "");
    if (closes && next >= answers.length) socket.end();
  };
  if (welcome !== undefined) say(welcome);
  if (closes && answers.length === 0) socket.end();
  // A request is an array of bulk strings: the parser of replies reads it.
  const onReply = (request: Reply): void => answerTo((request as Uint8Array[]).map((word) => binaryText(word)));
  const parser = new ReplyParser({ onReply }, { bulks: "bytes" });
  socket.on("data", (bytes) => parser.feed(bytes));
}

function binaryText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
