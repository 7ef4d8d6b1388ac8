/** `server-cpulist`: the processors that the server may use. Node cannot choose them for itself, so the program `taskset` does. */
import type { Configuration, Logger } from "@sider/server";
import { childProcess } from "./child-process.ts";

/** Sets the processors of all threads of this process, and of those that come. What does not work is logged only. */
export function keepToProcessors(configuration: Configuration, log: Logger): void {
  const list = configuration.get("server-cpulist");
  if (list === "") return;
  const options = ["--all-tasks", "--cpu-list", "--pid", list, String(process.pid)];
  childProcess().execFile("taskset", options, (error) => {
    if (error !== null) log.warning(`Cannot keep to the processors ${list}: ${error.message.trim()}`);
  });
}
