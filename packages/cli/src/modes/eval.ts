/**
 * --eval: runs a Lua script from a file, or steps through it in the server's debugger.
 *
 *     sider-cli --eval script.lua key1 key2 , argument1 argument2
 *                                 keys      ^ the first comma that stands alone ends them
 */
import { readFileSync } from "node:fs";
import { binaryOf } from "../format/printer.ts";
import type { Options } from "../options/options.ts";
import { systemErrorText } from "../transfer/system-error.ts";
import { ModeFailure, telling } from "./mode-failure.ts";
import type { RunMode } from "./mode-context.ts";

export const runEval: RunMode = telling(async (context) => {
  const { session, options } = context;
  if (!(await session.connectForMode())) return 1;
  if (options.modeOptions.debugger !== "off") {
    const { debugScript } = await import("../debugger/debug-script.ts");
    return debugScript(context, () => evalRequest(options));
  }
  return (await session.run(evalRequest(options), options.repeat)) ? 0 : 1;
});

/** The request, binary, with the script as the file has it now. Throws a ModeFailure. */
function evalRequest({ modeOptions, command }: Options): string[] {
  const words = command.map(binaryOf);
  const comma = words.indexOf(",");
  const keys = comma < 0 ? words : words.slice(0, comma);
  const args = comma < 0 ? [] : words.slice(comma + 1);
  return ["EVAL", readScript(modeOptions.evalFile ?? ""), String(keys.length), ...keys, ...args];
}

function readScript(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    throw new ModeFailure(binaryOf(`Can't open file '${path}': ${systemErrorText(error)}`), { cause: error });
  }
}
