/** The program that bin/sider-cli.js runs. */
import process from "node:process";
import { runProgram } from "./program.ts";

process.exitCode = await runProgram(process, process.argv.slice(2));
