/**
 * `--cluster <subcommand>`: redis-cli's cluster manager, as far as it looks at a cluster and changes nothing.
 *
 *     info, check   what the cluster is made of, and whether it is whole
 *     call          a command to all nodes, to the masters or to the replicas
 *
 * What creates, changes or moves is not there: each of those subcommands is known, and says so.
 */
import { Buffer } from "node:buffer";
import type { ClusterNode } from "../cluster/cluster-node.ts";
import { checkCluster } from "../cluster/check-cluster.ts";
import { showClusterInfo } from "../cluster/cluster-info.ts";
import { loadCluster } from "../cluster/load-cluster.ts";
import { parseNodeAddress } from "../cluster/nodes-reply.ts";
import { binaryOf } from "../format/printer.ts";
import { printRaw } from "../format/raw.ts";
import { Refusal, withInput } from "../one-shot.ts";
import { ModeFailure, telling } from "./mode-failure.ts";
import type { ModeContext } from "./mode-context.ts";

interface Subcommand {
  /** What is shown for its arguments in the help. */
  readonly usage: string;
  /** How many arguments it takes; negative: so many at least. */
  readonly argumentCount: number;
  /** Resolves with whether all is well. Absent: not available. */
  readonly run?: (context: ModeContext, args: readonly string[]) => Promise<boolean>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  info: { usage: "<host>:<port>", argumentCount: -1, run: info },
  check: { usage: "<host>:<port> [--cluster-search-multiple-owners]", argumentCount: -1, run: check },
  call: {
    usage: "<host>:<port> <command> [argument ...] [--cluster-only-masters | --cluster-only-replicas]",
    argumentCount: -2,
    run: call,
  },
  help: { usage: "", argumentCount: 0, run: help },
  create: { usage: "<host>:<port> ...", argumentCount: -2 },
  fix: { usage: "<host>:<port>", argumentCount: -1 },
  reshard: { usage: "<host>:<port>", argumentCount: -1 },
  rebalance: { usage: "<host>:<port>", argumentCount: -1 },
  "add-node": { usage: "<new host>:<port> <host>:<port>", argumentCount: 2 },
  "del-node": { usage: "<host>:<port> <node id>", argumentCount: 2 },
  "set-timeout": { usage: "<host>:<port> <milliseconds>", argumentCount: 2 },
  import: { usage: "<host>:<port>", argumentCount: 1 },
  backup: { usage: "<host>:<port> <folder>", argumentCount: 2 },
};

const INVALID_ADDRESS =
  "[ERR] Invalid arguments: you need to pass either a valid address (ie. 120.0.0.1:7000) " +
  "or space separated IP and port (ie. 120.0.0.1 7000)";

/** Runs a subcommand. The exit code is 1 when it found something wrong as well. */
export const runCluster = telling(async (context) => {
  const [name = "", ...words] = context.options.modeOptions.clusterCommand.map(binaryOf);
  const args = await inputAdded(context, words);
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (subcommand === undefined) throw new ModeFailure("Unknown --cluster subcommand");
  const { argumentCount, run } = subcommand;
  if (argumentCount > 0 ? args.length !== argumentCount : args.length < -argumentCount) {
    throw new ModeFailure("[ERR] Wrong number of arguments for specified --cluster sub command");
  }
  if (run === undefined) {
    throw new ModeFailure(`[ERR] --cluster ${name} is not available in sider-cli (info, check and call are)`);
  }
  return (await run(context, args)) ? 0 : 1;
});

async function inputAdded({ options, process }: ModeContext, words: string[]): Promise<string[]> {
  try {
    return await withInput(words, options, process);
  } catch (error) {
    throw error instanceof Refusal ? new ModeFailure(error.message) : error;
  }
}

async function info(context: ModeContext, args: readonly string[]): Promise<boolean> {
  return withCluster(context, args, async (nodes) => {
    await showClusterInfo(nodes);
    return true;
  });
}

async function check(context: ModeContext, args: readonly string[]): Promise<boolean> {
  return withCluster(context, args, async (nodes) => {
    await showClusterInfo(nodes);
    return checkCluster(nodes, context.options.modeOptions.looksForOwners);
  });
}

async function call(context: ModeContext, [address = "", ...command]: readonly string[]): Promise<boolean> {
  const { modeOptions, elementDelimiter } = context.options;
  return withCluster(context, [address], async (nodes) => {
    const [{ log }] = nodes as [ClusterNode];
    log.say("info", ">>> Calling");
    log.plain([""].concat(command).join(" "));
    for (const node of nodes) {
      if (node.isReplica ? modeOptions.wantsOnlyMasters : modeOptions.wantsOnlyReplicas) continue;
      const reply = await node.askOrLose(command);
      log.out.add(`${node.address}: `);
      if (reply === undefined) log.out.add("Failed!");
      else printRaw(log.out, reply, elementDelimiter);
      log.plain("");
    }
    return true;
  });
}

/** Its exit code is 1, as redis-cli's. */
async function help({ screen }: ModeContext): Promise<boolean> {
  const lines = (isAvailable: boolean): string =>
    Object.entries(SUBCOMMANDS)
      .filter(([, { run }]) => (run !== undefined) === isAvailable)
      .map(([name, { usage }]) => `  ${`${name.padEnd(12)} ${usage}`.trimEnd()}\n`)
      .join("");
  screen.out.add(`Subcommands of --cluster:\n${lines(true)}\nNot available:\n${lines(false)}\n`);
  screen.out.add("Any node of the cluster will do for <host>:<port>, which may also be two arguments.\n");
  return false;
}

async function withCluster(
  context: ModeContext,
  args: readonly string[],
  run: (nodes: readonly ClusterNode[]) => Promise<boolean>,
): Promise<boolean> {
  const { host, port } = addressOf(args);
  const nodes = await loadCluster(context, host, port);
  try {
    return await run(nodes);
  } finally {
    for (const node of nodes) node.close();
  }
}

/** `host:port`, or the one and the other. */
function addressOf(args: readonly string[]): { host: string; port: number } {
  const [host = "", port = ""] = args;
  const address = args.length === 1 ? parseNodeAddress(host) : { host, port: Number.parseInt(port, 10) || 0 };
  if (address === null || address.port === 0) throw new ModeFailure(INVALID_ADDRESS);
  return { ...address, host: Buffer.from(address.host, "latin1").toString() };
}
