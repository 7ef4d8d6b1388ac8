/**
 * What --tls and its companions name, read: certificates, keys and lists of ciphers. What is wrong is a ConnectionError in redis-cli's
 * words, with the reason behind it. Loaded with --tls.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_CIPHERS } from "node:tls";
import { ConnectionError, socketErrorText } from "./client/connection-error.ts";
import type { TlsConnectOptions } from "./client/tls-options.ts";
import type { TlsOptions } from "./options/options.ts";

const WRONG_AUTHORITY = "Invalid CA Certificate File/Directory";

/** Where systems keep the certificates of the authorities that they trust. */
const SYSTEM_AUTHORITIES = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine, Arch
  "/etc/pki/tls/certs/ca-bundle.crt", // Red Hat
  "/etc/ssl/ca-bundle.pem", // SUSE
  "/etc/ssl/cert.pem", // macOS, BSD
];

/** Reads all files that the options name. Throws a ConnectionError ("options"). */
export function readTlsFiles(options: TlsOptions): TlsConnectOptions {
  const { authorityFile, authorityFolder, certificateFile, keyFile } = options;
  const hasAuthority = authorityFile !== undefined || authorityFolder !== undefined;
  return {
    ca: hasAuthority ? readAuthorities(authorityFile, authorityFolder) : systemAuthorities(options),
    cert: readOptional(certificateFile, "Invalid client certificate"),
    key: readOptional(keyFile, "Invalid private key"),
    servername: options.serverName,
    rejectUnauthorized: !options.isInsecure,
    // An authority of one's own signs for nobody else, and its certificates often bear no name; public ones sign for everybody.
    checksServerName: !hasAuthority,
    ciphers: ciphersOf(options),
  };
}

function readAuthorities(file: string | undefined, folder: string | undefined): string {
  const texts = file === undefined ? [] : [read(file, WRONG_AUTHORITY)];
  if (folder !== undefined) texts.push(...readFolder(folder));
  return texts.join("\n");
}

/** Every certificate of a folder, whatever its file is called. */
function readFolder(folder: string): string[] {
  try {
    const paths = readdirSync(folder).map((name) => join(folder, name));
    const texts = paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, "latin1"));
    return texts.filter((text) => /-----BEGIN (TRUSTED )?CERTIFICATE-----/.test(text));
  } catch (error) {
    throw new ConnectionError("options", `${WRONG_AUTHORITY} (${folder}: ${socketErrorText(error as Error)})`);
  }
}

/** Undefined where there is no such file: those that came with Node count then. */
function systemAuthorities({ isInsecure }: TlsOptions): string | undefined {
  const chosen = process.env["SSL_CERT_FILE"];
  if (isInsecure || process.env["NODE_EXTRA_CA_CERTS"] !== undefined) return undefined;
  const path = chosen ?? SYSTEM_AUTHORITIES.find(existsSync);
  return readOptional(path, WRONG_AUTHORITY);
}

function readOptional(path: string | undefined, problem: string): string | undefined {
  return path === undefined ? undefined : read(path, problem);
}

function read(path: string, problem: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    throw new ConnectionError("options", `${problem} (${path}: ${socketErrorText(error as Error)})`, { cause: error });
  }
}

/** Node takes both kinds of ciphers in one list: what is not chosen stays as it is. */
function ciphersOf({ ciphers, cipherSuites }: TlsOptions): string | undefined {
  if (ciphers === undefined && cipherSuites === undefined) return undefined;
  const isSuite = (name: string): boolean => name.startsWith("TLS_");
  const unknown = cipherSuites?.split(":").find((name) => !isSuite(name));
  if (unknown !== undefined) throw new ConnectionError("options", `Error while setting cypher suites (${unknown})`);
  const defaults = DEFAULT_CIPHERS.split(":");
  const suites = cipherSuites ?? defaults.filter(isSuite).join(":");
  return `${suites}:${ciphers ?? defaults.filter((name) => !isSuite(name)).join(":")}`;
}
