/** Handlers of the connection commands. */
import { replyHelp } from "../../dispatch/help-reply.ts";
import type { Handlers } from "../../dispatch/handler.ts";
import { echo, ping, quit, reset, select } from "./basics.ts";
import { clientGetName, clientId, clientSetInfo, clientSetName } from "./client-identity.ts";
import { clientKill } from "./client-kill.ts";
import { clientInfo, clientList } from "./client-list.ts";
import { clientNoEvict, clientNoTouch, clientReply } from "./client-modes.ts";
import { clientPause, clientUnpause } from "./client-pause.ts";
import { clientCaching, clientGetRedir, clientTracking, clientTrackingInfo } from "./client-tracking.ts";
import { clientUnblock } from "./client-unblock.ts";
import { auth, hello } from "./login.ts";

export const connectionHandlers = {
  auth,
  "client|caching": clientCaching,
  "client|getname": clientGetName,
  "client|getredir": clientGetRedir,
  "client|help": replyHelp,
  "client|id": clientId,
  "client|info": clientInfo,
  "client|kill": clientKill,
  "client|list": clientList,
  "client|no-evict": clientNoEvict,
  "client|no-touch": clientNoTouch,
  "client|pause": clientPause,
  "client|reply": clientReply,
  "client|setinfo": clientSetInfo,
  "client|setname": clientSetName,
  "client|tracking": clientTracking,
  "client|trackinginfo": clientTrackingInfo,
  "client|unblock": clientUnblock,
  "client|unpause": clientUnpause,
  echo,
  hello,
  ping,
  quit,
  reset,
  select,
} satisfies Handlers<"connection">;
