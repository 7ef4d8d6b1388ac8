/** All handlers, by the names of the command table. */
import type { Handler } from "../dispatch/handler.ts";
import { bitmapHandlers } from "./bitmap/index.ts";
import { clusterHandlers } from "./cluster/index.ts";
import { connectionHandlers } from "./connection/index.ts";
import { listHandlers } from "./list/index.ts";
import { hashHandlers } from "./hash/index.ts";
import { setHandlers } from "./set/index.ts";
import { sortedSetHandlers } from "./sorted-set/index.ts";
import { streamHandlers } from "./stream/index.ts";
import { hyperloglogHandlers } from "./hyperloglog/index.ts";
import { geoHandlers } from "./geo/index.ts";
import { pubsubHandlers } from "./pubsub/index.ts";
import { genericHandlers } from "./generic/index.ts";
import { serverHandlers } from "./server/index.ts";
import { stringHandlers } from "./string/index.ts";
import { transactionHandlers } from "./transactions/index.ts";

export const allHandlers: Readonly<Record<string, Handler>> = {
  ...stringHandlers,
  ...listHandlers,
  ...hashHandlers,
  ...setHandlers,
  ...sortedSetHandlers,
  ...streamHandlers,
  ...bitmapHandlers,
  ...hyperloglogHandlers,
  ...geoHandlers,
  ...genericHandlers,
  ...connectionHandlers,
  ...transactionHandlers,
  ...pubsubHandlers,
  ...clusterHandlers,
  ...serverHandlers,
};
