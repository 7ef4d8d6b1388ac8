/** Sockets that speak TLS. Loaded when one is asked for: node:tls takes its time. */
import { connect, createSecureContext, type ConnectionOptions, type TLSSocket } from "node:tls";
import { ConnectionError, socketErrorText } from "./connection-error.ts";
import type { TlsConnectOptions } from "./tls-options.ts";

type Context = Pick<ConnectionOptions, "ca" | "cert" | "key" | "passphrase" | "ciphers">;

/** Begins to connect. Throws a ConnectionError ("options") when certificate, key or ciphers are wrong. */
export function connectSecurely(tls: TlsConnectOptions, target: ConnectionOptions): TLSSocket {
  const { checksServerName = true, servername, rejectUnauthorized = true, minVersion, maxVersion, ...context } = tls;
  checkContext(context);
  return connect({
    ...target,
    ...context,
    ...(servername === undefined ? {} : { servername }),
    ...(checksServerName ? {} : { checkServerIdentity: () => undefined }),
    rejectUnauthorized,
    minVersion: minVersion ?? "TLSv1.2",
    maxVersion: maxVersion ?? "TLSv1.3",
  });
}

/** Says which of the options is wrong, in redis-cli's words: OpenSSL's tell only that something is. */
function checkContext({ ca, cert, key, passphrase, ciphers }: Context): void {
  if (ca !== undefined && !/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(String(ca))) {
    throw new ConnectionError("options", "Invalid CA Certificate File/Directory (no certificate in it)");
  }
  tryContext({ ca }, "Invalid CA Certificate File/Directory");
  tryContext({ cert }, "Invalid client certificate");
  tryContext({ cert, key, passphrase }, "Invalid private key");
  for (const [isOfTls13, problem] of [
    [false, "Error while configuring ciphers"],
    [true, "Error while setting cypher suites"],
  ] as const) {
    const names = ciphers?.split(":").filter((name) => name.startsWith("TLS_") === isOfTls13) ?? [];
    if (names.length > 0) tryContext({ ciphers: names.join(":") }, problem);
  }
}

function tryContext(context: Context, problem: string): void {
  try {
    createSecureContext(context);
  } catch (error) {
    throw new ConnectionError("options", `${problem} (${socketErrorText(error as Error)})`, { cause: error });
  }
}
