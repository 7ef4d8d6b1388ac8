/** Handlers of the stream commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { replyHelp } from "../../dispatch/help-reply.ts";
import { xadd } from "./add.ts";
import { xautoclaim, xclaim } from "./claim.ts";
import { xdel, xsetid, xtrim } from "./delete.ts";
import { xgroupCreate, xgroupCreateconsumer, xgroupDelconsumer, xgroupDestroy, xgroupSetid } from "./group.ts";
import { xinfoConsumers, xinfoGroups, xinfoStream } from "./info.ts";
import { xack, xpending } from "./pending.ts";
import { xlen, xrange, xrevrange } from "./range.ts";
import { xread, xreadgroup } from "./read.ts";

export const streamHandlers = {
  xack,
  xadd,
  xautoclaim,
  xclaim,
  xdel,
  "xgroup|create": xgroupCreate,
  "xgroup|createconsumer": xgroupCreateconsumer,
  "xgroup|delconsumer": xgroupDelconsumer,
  "xgroup|destroy": xgroupDestroy,
  "xgroup|help": replyHelp,
  "xgroup|setid": xgroupSetid,
  "xinfo|consumers": xinfoConsumers,
  "xinfo|groups": xinfoGroups,
  "xinfo|help": replyHelp,
  "xinfo|stream": xinfoStream,
  xlen,
  xpending,
  xrange,
  xread,
  xreadgroup,
  xrevrange,
  xsetid,
  xtrim,
} satisfies Handlers<"stream">;
