/** Certificates for tests of TLS, made by openssl in a folder of their own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { runProgram } from "./run-program.ts";

/** Paths of what was made. The server's certificate is for localhost and 127.0.0.1. */
export interface Certificates {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
}

/** Makes an authority and what it signs. Throws with openssl's output when that fails. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string): string => join(folder, name);
  const newKey = (name: string): string[] => [
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", file(`${name}.key`), "-subj", `/CN=${name}`],
  ];
  writeFileSync(file("extensions"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  await openssl("req", "-x509", ...newKey("authority"), "-out", file("authority.crt"), "-days", "2");
  const signed = async (name: string): Promise<{ certificate: string; key: string }> => {
    await openssl("req", ...newKey(name), "-out", file(`${name}.csr`));
    const signer = ["-CA", file("authority.crt"), "-CAkey", file("authority.key"), "-CAcreateserial"];
    const [request, result] = [file(`${name}.csr`), file(`${name}.crt`)];
    await openssl(
      "x509",
      "-req",
      "-in",
      request,
      ...signer,
      "-days",
      "2",
      "-extfile",
      file("extensions"),
      "-out",
      result,
    );
    return { certificate: result, key: file(`${name}.key`) };
  };
  return { authority: file("authority.crt"), server: await signed("server"), client: await signed("client") };
}

async function openssl(...args: readonly string[]): Promise<void> {
  const { code, output } = await runProgram(["openssl", ...args]);
  if (code !== 0) throw new Error(`openssl ${args.join(" ")}: ${output}`);
}
