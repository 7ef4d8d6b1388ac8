/** What this server is, and which Redis it stands in for. */
import { createRequire } from "node:module";

/** Sider's own version. */
export const SIDER_VERSION = versionOfPackage();

/** The Redis version whose behaviour this is: what clients and dumps are told. */
export const REDIS_VERSION = "7.2.4";

function versionOfPackage(): string {
  const manifest: unknown = createRequire(import.meta.url)("../package.json");
  const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return hasVersion ? String(manifest.version) : "0.0.0";
}
