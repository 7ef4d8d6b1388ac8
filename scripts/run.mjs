// `node scripts/run.mjs <tool> [argument ...]`: a tool of the repository on a workspace that is installed and built.

import process from "node:process";
import { become, prepare } from "./workspace.mjs";

const [name, ...toolArguments] = process.argv.slice(2);
if (name === undefined) throw new Error("usage: node scripts/run.mjs <tool> [argument ...]");
prepare();
become(name, toolArguments);
