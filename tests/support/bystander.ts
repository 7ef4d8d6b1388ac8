/** Another client, to see that a server serves everyone else while one client misbehaves. */
import { setTimeout as sleep } from "node:timers/promises";

import { RawConnection } from "./connection.ts";

export interface BystanderReport {
  pings: number;
  slowestMs: number;
  /** All but one in a hundred pings were answered within this. */
  percentile99Ms: number;
}

/**
 * Pings the server every few milliseconds while the work runs. Throws when a ping is answered with anything but PONG.
 * @param password the default user's, where there is one
 */
export async function whileServing(
  port: number,
  work: () => Promise<void>,
  password?: string,
): Promise<BystanderReport> {
  const connection = await RawConnection.open(port);
  if (password !== undefined) await connection.call("AUTH", password);
  const report: BystanderReport = { pings: 0, slowestMs: 0, percentile99Ms: 0 };
  const times: number[] = [];
  let isOver = false;
  const pinging = (async (): Promise<void> => {
    do {
      const startedAt = performance.now();
      const reply = await connection.callText("PING");
      if (reply !== "+PONG\r\n") throw new Error(`the bystander got ${JSON.stringify(reply)}`);
      times.push(performance.now() - startedAt);
      await sleep(3);
    } while (!isOver);
  })();
  try {
    await Promise.race([work(), pinging]);
  } finally {
    isOver = true;
    await pinging.finally(() => {
      connection.close();
    });
  }
  times.sort((one, other) => one - other);
  report.pings = times.length;
  report.slowestMs = times.at(-1) ?? 0;
  report.percentile99Ms = times[Math.floor(times.length * 0.99)] ?? 0;
  return report;
}
