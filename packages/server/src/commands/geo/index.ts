/** Handlers of the geo commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { geoadd } from "./add.ts";
import { geodist, geohash, geopos } from "./members.ts";
import {
  georadius,
  georadiusbymember,
  georadiusbymemberReadOnly,
  georadiusReadOnly,
  geosearch,
  geosearchstore,
} from "./search.ts";

export const geoHandlers = {
  geoadd,
  geodist,
  geohash,
  geopos,
  georadius,
  georadius_ro: georadiusReadOnly,
  georadiusbymember,
  georadiusbymember_ro: georadiusbymemberReadOnly,
  geosearch,
  geosearchstore,
} satisfies Handlers<"geo">;
