/** MODULE: there is none, and none can be loaded, since modules are shared libraries in C. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { protectionRefusal } from "../../dispatch/protected-commands.ts";

/** MODULE LIST */
export function moduleList(context: CommandContext): void {
  context.reply.arrayHeader(0);
}

/** MODULE LOAD path [arg ...], MODULE LOADEX path [CONFIG name value ...] [ARGS arg ...] */
export function moduleLoad(context: CommandContext): void {
  const refusal = protectionRefusal(context.session, "module");
  if (refusal !== null) return context.refuse(refusal);
  context.server.log.warning(
    `Module ${context.text(2)} failed to load: modules are shared libraries in C, of which Node loads none.`,
  );
  context.refuse("ERR Error loading the extension. Please check the server logs.");
}

/** MODULE UNLOAD name */
export function moduleUnload(context: CommandContext): void {
  const refusal = protectionRefusal(context.session, "module");
  context.refuse(refusal ?? "ERR Error unloading module: no such module with that name");
}
