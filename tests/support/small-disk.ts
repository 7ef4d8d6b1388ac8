/** A file system of a few megabytes that really gets full. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const fillName = "fill";
const pieceBytes = 4096;

export interface SmallDisk {
  readonly directory: string;
  /** Takes all but about so many bytes away. */
  fill(leftBytes: number): void;
  /** Gives them back. */
  empty(): void;
  remove(): void;
}

/** A new one; null where mounting is not permitted: mostly to all but root. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const directory = mkdtempSync(join(tmpdir(), "sider-small-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", directory]);
  if (mounted.status !== 0) {
    rmSync(directory, { recursive: true });
    return null;
  }
  return {
    directory,
    fill(leftBytes) {
      const { bavail, bsize } = statfsSync(directory);
      const pieces = Math.floor((bavail * bsize - leftBytes) / pieceBytes);
      writeFileSync(join(directory, fillName), Buffer.alloc(Math.max(pieces, 0) * pieceBytes, 1));
    },
    empty() {
      unlinkSync(join(directory, fillName));
    },
    remove() {
      spawnSync("umount", ["-l", directory]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
