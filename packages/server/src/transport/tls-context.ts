/** The TLS directives as what Node's `tls` takes. Every file is read when the context is made; a wrong one throws `TlsError`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, createHash } from "node:crypto";
import { createSecureContext, DEFAULT_CIPHERS } from "node:tls";
import type { TlsOptions } from "node:tls";
import type { Configuration, DirectiveName } from "../config/index.ts";
import { reasonOf } from "./listen-error.ts";

/** Why TLS cannot be configured: a line for the log. */
export class TlsError extends Error {
  override readonly name = "TlsError";
}

/** The versions that tls-protocols may name, with the option that forbids each. */
const VERSIONS: readonly (readonly [name: string, forbids: number])[] = [
  ["tlsv1", constants.SSL_OP_NO_TLSv1],
  ["tlsv1.1", constants.SSL_OP_NO_TLSv1_1],
  ["tlsv1.2", constants.SSL_OP_NO_TLSv1_2],
  ["tlsv1.3", constants.SSL_OP_NO_TLSv1_3],
];
const DEFAULT_VERSIONS = ["tlsv1.2", "tlsv1.3"];

/** Whether clients must, may or need not have certificates, and the context for their connections. @throws TlsError */
export function readTlsOptions(configuration: Configuration): TlsOptions {
  const clients = configuration.get("tls-auth-clients");
  const options = readContextOptions(configuration);
  if (clients !== "no" && options.ca === undefined) {
    throw new TlsError(
      "Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-auth-clients is enabled!",
    );
  }
  try {
    createSecureContext(options);
  } catch (error) {
    throw new TlsError(`Failed to configure TLS: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return { ...options, requestCert: clients !== "no", rejectUnauthorized: clients === "yes" };
}

function readContextOptions(configuration: Configuration): TlsOptions {
  for (const name of ["tls-cert-file", "tls-key-file"] as const) {
    if (configuration.get(name) === "") throw new TlsError(`No ${name} configured!`);
  }
  const cert = readConfigured(configuration, "tls-cert-file");
  const passphrase = configuration.get("tls-key-file-pass");
  const parameters = configuration.get("tls-dh-params-file");
  return {
    cert,
    key: readConfigured(configuration, "tls-key-file"),
    ...(passphrase === "" ? {} : { passphrase }),
    ...readAuthorities(configuration),
    ...(parameters === "" ? {} : { dhparam: readConfigured(configuration, "tls-dh-params-file") }),
    ...chooseCiphers(configuration),
    honorCipherOrder: configuration.get("tls-prefer-server-ciphers"),
    minVersion: "TLSv1",
    maxVersion: "TLSv1.3",
    secureOptions: forbiddenVersions(configuration.get("tls-protocols")) | sessionOptions(configuration),
    sessionTimeout: Math.max(1, configuration.get("tls-session-cache-timeout")),
    sessionIdContext: createHash("sha256").update(cert).digest("hex").slice(0, 32),
  };
}

/** Files are looked for where the server works. */
function readConfigured(configuration: Configuration, name: DirectiveName): Buffer {
  return readOne(configuration.text(name), name);
}

function readOne(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TlsError(`Failed to load ${name} ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** The certificates of whom certificates of clients are believed. */
function readAuthorities(configuration: Configuration): { ca?: Buffer[] } {
  const file = configuration.get("tls-ca-cert-file");
  const folder = configuration.get("tls-ca-cert-dir");
  if (file === "" && folder === "") return {};
  const ca = file === "" ? [] : [readOne(file, "tls-ca-cert-file")];
  if (folder !== "") ca.push(...readFolder(folder));
  return { ca };
}

function readFolder(folder: string): Buffer[] {
  try {
    const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    const texts = names.map(({ name }) => readFileSync(join(folder, name)));
    return texts.filter((text) => text.includes("-----BEGIN CERTIFICATE-----"));
  } catch (error) {
    throw new TlsError(`Failed to load tls-ca-cert-dir ${folder}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Names of TLS 1.3 suites begin with TLS_; Node takes both kinds in one list. */
function chooseCiphers(configuration: Configuration): { ciphers?: string } {
  const [ciphers, suites] = [configuration.get("tls-ciphers"), configuration.get("tls-ciphersuites")];
  if (ciphers === "" && suites === "") return {};
  const defaults = DEFAULT_CIPHERS.split(":");
  const older = ciphers === "" ? defaults.filter((name) => !name.startsWith("TLS_")).join(":") : ciphers;
  const newer = suites === "" ? defaults.filter((name) => name.startsWith("TLS_")).join(":") : suites;
  return { ciphers: `${newer}:${older}` };
}

function forbiddenVersions(text: string): number {
  const named = text
    .toLowerCase()
    .split(" ")
    .filter((word) => word !== "");
  const unknown = named.find((word) => !VERSIONS.some(([name]) => name === word));
  if (unknown !== undefined)
    throw new TlsError(
      "Invalid tls-protocols specified. Use a combination of 'TLSv1', 'TLSv1.1', 'TLSv1.2' and 'TLSv1.3'.",
    );
  const allowed = named.length === 0 ? DEFAULT_VERSIONS : named;
  return VERSIONS.reduce((bits, [name, forbids]) => (allowed.includes(name) ? bits : bits | forbids), 0);
}

/** Sessions are kept by clients, as tickets: there is nothing here to fill. */
function sessionOptions(configuration: Configuration): number {
  return configuration.get("tls-session-caching") ? 0 : constants.SSL_OP_NO_TICKET;
}
