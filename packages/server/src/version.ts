/** What this server is, and which Redis it stands in for. */
import { readFileSync } from "node:fs";

/** Sider's own version. */
export const SIDER_VERSION = versionOfPackage();

/** The Redis version whose behaviour this is: what clients and dumps are told. */
export const REDIS_VERSION = "7.2.4";

function versionOfPackage(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return hasVersion ? String(manifest.version) : "0.0.0";
}
