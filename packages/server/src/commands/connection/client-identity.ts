/** What a client says of itself: CLIENT ID, SETNAME, GETNAME and SETINFO. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { quoted } from "../../dispatch/refusals.ts";

export const CLIENT_NAME_ERROR = "ERR Client names cannot contain spaces, newlines or special characters.";

/** Whether CLIENT LIST can show the text as a field: printable ASCII without spaces. */
export function isValidAttribute(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

/** CLIENT ID */
export function clientId(context: CommandContext): void {
  context.reply.integer(context.session.id);
}

/** CLIENT SETNAME name; the empty name is none. */
export function clientSetName(context: CommandContext): void {
  const name = context.text(2);
  if (!isValidAttribute(name)) return context.refuse(CLIENT_NAME_ERROR);
  context.session.name = name;
  context.reply.ok();
}

/** CLIENT GETNAME */
export function clientGetName(context: CommandContext): void {
  if (context.session.name === "") context.reply.nullBulk();
  else context.reply.bulkLatin1(context.session.name);
}

/** CLIENT SETINFO LIB-NAME name | LIB-VER version */
export function clientSetInfo(context: CommandContext): void {
  const isName = context.is(2, "lib-name");
  if (!isName && !context.is(2, "lib-ver")) return context.refuse(`ERR Unrecognized option '${quoted(context, 2)}'`);
  const value = context.text(3);
  if (!isValidAttribute(value)) {
    return context.refuse(`ERR ${quoted(context, 2)} cannot contain spaces, newlines or special characters.`);
  }
  if (isName) context.session.libraryName = value;
  else context.session.libraryVersion = value;
  context.reply.ok();
}
