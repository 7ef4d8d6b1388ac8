/**
 * The port for those who watch a server (`metrics-port`, on the addresses of `metrics-bind`), apart from that of its clients:
 *
 *     GET /metrics   the metrics, in the text format of Prometheus
 *     GET /health    200 while the process answers
 *     GET /ready     200 when clients are served; 503 while data is being loaded
 *
 * It is off unless it is asked for, and then only `node:http` is loaded, which takes 2 MB and 15 ms. Nobody needs a password here, so that it is bound to this machine unless told otherwise.
 */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import { ConfigurationError } from "../config/index.ts";
import type { Server } from "../server.ts";
import { listenAtOnce } from "../transport/listening-handle.ts";
import { isMissingAddress, ListenError, systemReason } from "../transport/listen-error.ts";
import { serverMetrics } from "./server-metrics.ts";
import { CONTENT_TYPE, metricsAsText } from "./text-format.ts";

const BACKLOG = 64;
const CONNECTIONS_MAXIMUM = 64;
const HEADER_BYTES_MAXIMUM = 8 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const PLAIN = "text/plain; charset=utf-8";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export class MetricsListener {
  private readonly server: Server;
  private open: HttpServer[] = [];
  private stopFollowing: (() => void)[] = [];

  constructor(server: Server) {
    this.server = server;
  }

  /** Opens the port, if there is to be one, and follows the configuration from then on. Throws `ListenError`. */
  listen(): void {
    const { configuration } = this.server;
    const failed = this.start();
    if (failed !== null)
      throw new ListenError(
        `Failed listening on port ${String(configuration.get("metrics-port"))} (metrics), aborting.`,
      );
    const restart = (): void => {
      this.stop();
      if (this.start() !== null) throw new ConfigurationError("Unable to listen on this port. Check server logs.");
    };
    this.stopFollowing = (["metrics-port", "metrics-bind"] as const).map((name) =>
      configuration.onChange(name, restart),
    );
  }

  /** Takes no more requests. */
  close(): void {
    for (const stop of this.stopFollowing) stop();
    this.stop();
  }

  /** The address that cannot be bound, with nothing open; null when all are. */
  private start(): string | null {
    const { configuration, log } = this.server;
    const port = configuration.get("metrics-port");
    for (const shown of port === 0 ? [] : configuration.get("metrics-bind")) {
      const address = shown.replace(/^-/, "");
      const handle = listenAtOnce(addressOf(address), port, BACKLOG);
      if (typeof handle !== "number") this.open.push(this.serve().listen(handle));
      else if (!shown.startsWith("-") || !isMissingAddress(handle)) {
        this.stop();
        log.warning(
          `Warning: Could not create server metrics listening socket ${address}:${String(port)}: bind: ${systemReason(handle)}`,
        );
        return address;
      }
    }
    return null;
  }

  private stop(): void {
    for (const server of this.open) {
      server.close();
      server.closeAllConnections();
    }
    this.open = [];
  }

  private serve(): HttpServer {
    const options = {
      maxHeaderSize: HEADER_BYTES_MAXIMUM,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
    };
    const server = process.getBuiltinModule("node:http").createServer(options, (request, response) => {
      reply(request, response, this.answer(request));
    });
    server.maxConnections = CONNECTIONS_MAXIMUM;
    return server;
  }

  private answer({ method, url = "/" }: IncomingMessage): Answer {
    if (method !== "GET" && method !== "HEAD") return plain(405, "only GET and HEAD");
    switch (url.replace(/\?.*/s, "")) {
      case "/":
        return plain(200, "/metrics\n/health\n/ready");
      case "/metrics":
        return { status: 200, type: CONTENT_TYPE, text: metricsAsText(serverMetrics(this.server)) };
      case "/health":
        return plain(200, "ok");
      case "/ready":
        return this.readiness();
      default:
        return plain(404, "not found");
    }
  }

  private readiness(): Answer {
    const { isStarted, persistence } = this.server;
    return isStarted && !persistence.loading ? plain(200, "ready") : plain(503, "loading");
  }
}

function plain(status: number, text: string): Answer {
  return { status, type: PLAIN, text: `${text}\n` };
}

function reply(request: IncomingMessage, response: ServerResponse, { status, type, text }: Answer): void {
  request.resume(); // a body is nothing to us
  const length = Buffer.byteLength(text);
  const headers = { "Content-Type": type, "Content-Length": length, "Cache-Control": "no-store" };
  response.writeHead(status, status === 405 ? { ...headers, Allow: "GET, HEAD" } : headers);
  response.end(request.method === "HEAD" ? undefined : text);
}

function addressOf(address: string): string {
  return address === "*" ? "0.0.0.0" : address === "::*" ? "::" : address;
}
