/** What the suite needs for its file about TLS: certificates, which a script of its own makes, and Tcl's package for it. */
import { runProgram } from "../support/run-program.ts";
import { programsPresent } from "../support/programs.ts";

const timeoutMs = 120_000;

/** Makes the certificates. Gives false, and says so, where something is missing: the file's tests are skipped then. */
export async function prepareTls(folder: string): Promise<boolean> {
  if (!programsPresent("unit/tls", "openssl", "bash")) return false;
  const tcl = await runProgram(["tclsh"], "puts [catch {package require tls}]", timeoutMs);
  if (tcl.output.trim() !== "0") {
    if (process.env["CI"]) throw new Error("Tcl's package tls is missing (required in CI)");
    console.log("skipped: unit/tls needs Tcl's package tls (tcl-tls)");
    return false;
  }
  const inFolder = ["env", `--chdir=${folder}`];
  await run([...inFolder, "mkdir", "-p", "tests/tls"]);
  // the script leaves a file that is there alone; its own way to this one takes minutes
  await run([...inFolder, "openssl", "dhparam", "-dsaparam", "-out", "tests/tls/redis.dh", "2048"]);
  await run([...inFolder, "bash", "utils/gen-test-certs.sh"]);
  return true;
}

async function run(command: readonly string[]): Promise<void> {
  const { code, output } = await runProgram(command, "", timeoutMs);
  if (code !== 0) throw new Error(output);
}
