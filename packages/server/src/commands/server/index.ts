/** Handlers of the server commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { replyHelp } from "../../dispatch/help-reply.ts";
import { aclLoad, aclSave } from "./acl-files.ts";
import { aclLog } from "./acl-log.ts";
import { aclCat, aclDryRun, aclGenPass } from "./acl-rights.ts";
import { aclDelUser, aclGetUser, aclList, aclSetUser, aclUsers, aclWhoAmI } from "./acl-users.ts";
import { commandDocs } from "./command-docs.ts";
import { command, commandCount, commandInfo } from "./command-info.ts";
import { commandGetKeys, commandGetKeysAndFlags } from "./command-keys.ts";
import { commandList } from "./command-list.ts";
import { configGet, configResetStat, configRewrite, configSet } from "./config.ts";
import { debug } from "./debug.ts";
import { dbsize, flushall, flushdb, swapdb } from "./flush.ts";
import { info } from "./info.ts";
import {
  latencyDoctor,
  latencyGraph,
  latencyHistogram,
  latencyHistory,
  latencyLatest,
  latencyReset,
} from "./latency.ts";
import { lolwut } from "./lolwut.ts";
import { memoryDoctor, memoryMallocStats, memoryPurge, memoryStats, memoryUsage } from "./memory.ts";
import { monitor } from "./monitor.ts";
import { moduleList, moduleLoad, moduleUnload } from "./modules.ts";
import { role } from "./role.ts";
import { bgrewriteaof, bgsave, lastsave, save, shutdown } from "./saving.ts";
import { slowlogGet, slowlogLen, slowlogReset } from "./slowlog.ts";
import { time } from "./time.ts";

export const serverHandlers = {
  "acl|cat": aclCat,
  "acl|deluser": aclDelUser,
  "acl|dryrun": aclDryRun,
  "acl|genpass": aclGenPass,
  "acl|getuser": aclGetUser,
  "acl|help": replyHelp,
  "acl|list": aclList,
  "acl|load": aclLoad,
  "acl|log": aclLog,
  "acl|save": aclSave,
  "acl|setuser": aclSetUser,
  "acl|users": aclUsers,
  "acl|whoami": aclWhoAmI,
  bgrewriteaof,
  bgsave,
  command,
  "command|count": commandCount,
  "command|docs": commandDocs,
  "command|getkeys": commandGetKeys,
  "command|getkeysandflags": commandGetKeysAndFlags,
  "command|help": replyHelp,
  "command|info": commandInfo,
  "command|list": commandList,
  "config|get": configGet,
  "config|help": replyHelp,
  "config|resetstat": configResetStat,
  "config|rewrite": configRewrite,
  "config|set": configSet,
  dbsize,
  debug,
  flushall,
  flushdb,
  info,
  lastsave,
  "latency|doctor": latencyDoctor,
  "latency|graph": latencyGraph,
  "latency|help": replyHelp,
  "latency|histogram": latencyHistogram,
  "latency|history": latencyHistory,
  "latency|latest": latencyLatest,
  "latency|reset": latencyReset,
  lolwut,
  "memory|doctor": memoryDoctor,
  "memory|help": replyHelp,
  "memory|malloc-stats": memoryMallocStats,
  "memory|purge": memoryPurge,
  "memory|stats": memoryStats,
  "memory|usage": memoryUsage,
  monitor,
  "module|help": replyHelp,
  "module|list": moduleList,
  "module|load": moduleLoad,
  "module|loadex": moduleLoad,
  "module|unload": moduleUnload,
  role,
  save,
  shutdown,
  "slowlog|get": slowlogGet,
  "slowlog|help": replyHelp,
  "slowlog|len": slowlogLen,
  "slowlog|reset": slowlogReset,
  swapdb,
  time,
} satisfies Handlers<"server">;
