/** ACL LOAD and SAVE. */
import { FileError } from "@sider/persistence";
import type { CommandContext } from "../../dispatch/command-context.ts";

const NO_FILE =
  "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command " +
  "and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.";
const NOT_SAVED = "ERR There was an error trying to save the ACLs. Please check the server logs for more information";

/** ACL LOAD */
export function aclLoad(context: CommandContext): void {
  const { userFile } = context.server;
  if (!userFile.isConfigured) return context.refuse(NO_FILE);
  const error = userFile.load(context.session);
  if (error !== null) return context.refuse(`ERR ${error}`);
  context.reply.ok();
}

/** ACL SAVE */
export function aclSave(context: CommandContext): void {
  const { log, userFile } = context.server;
  if (!userFile.isConfigured) return context.refuse(NO_FILE);
  try {
    userFile.save();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    log.warning(`ACL SAVE: ${error.message}`);
    return context.refuse(NOT_SAVED);
  }
  context.reply.ok();
}
