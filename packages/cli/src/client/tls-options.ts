/** What TLS works with, in the terms of node:tls. Certificates and keys are PEM text: who has files reads them. */

export interface TlsConnectOptions {
  /** Certificates of the authorities to trust, one after the other. Default: those that Node trusts. */
  ca?: string | undefined;
  /** The client's own certificate, and those that lead from it to its authority, for servers that ask for one. */
  cert?: string | undefined;
  /** The private key of `cert`. */
  key?: string | undefined;
  /** Unlocks `key`. */
  passphrase?: string | undefined;
  /** The name that the server is asked for (SNI) and that its certificate must bear. Default: the host. */
  servername?: string | undefined;
  /** False: any certificate will do, and anyone may be the server. Default true. */
  rejectUnauthorized?: boolean | undefined;
  /** False: a certificate of a trusted authority will do, whatever its name. Default true. */
  checksServerName?: boolean | undefined;
  /** Ciphers as OpenSSL lists them, separated by colons; names that begin with TLS_ are those of TLS 1.3. */
  ciphers?: string | undefined;
  minVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
  maxVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
}
