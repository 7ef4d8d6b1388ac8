// How the program is built. The library beside it is built as it is written.
//
//     dist/program/main.js    the way to the first reply
//     dist/program/<x>.js     what is imported when it is wanted, and the little that such files share with each other

import { join } from "node:path";
import { bundle } from "../../scripts/bundle.mjs";

export default bundle(
  { main: "src/main.ts" },
  { folder: join(import.meta.dirname, "dist", "program"), cleanDir: true },
);
