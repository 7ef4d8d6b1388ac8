/**
 * Clients that come and go as clients do when they are in trouble: in the middle of a request, a transaction, a blocking pop, a subscription,
 * or of replies that they do not read. `mixedLoad` keeps a number of them busy for a time.
 */
import { encodeCommand, RawConnection } from "../support/connection.ts";
import { type Random } from "../support/random.ts";

const KEYS = 5000;
const REQUESTS_MAXIMUM = 60;

type Behaviour = (connection: RawConnection, random: Random) => Promise<void>;

const key = (random: Random, prefix: string): string => `${prefix}:${random.integer(1, KEYS)}`;
const text = (random: Random, longest: number): string => "x".repeat(random.integer(0, longest));

/** Commands of all types whose replies are read. */
async function work(connection: RawConnection, random: Random): Promise<void> {
  for (let left = random.integer(1, REQUESTS_MAXIMUM); left > 0; left--) {
    const commands = Array.from({ length: random.integer(1, 20) }, () => someCommand(random));
    await connection.pipeline(commands);
  }
}

function someCommand(random: Random): string[] {
  return random.pick([
    () => ["SET", key(random, "s"), text(random, 3000), "PX", String(random.integer(1, 20_000))],
    () => ["SET", key(random, "s"), text(random, 300)],
    () => ["GET", key(random, "s")],
    () => ["APPEND", key(random, "s"), text(random, 500)],
    () => ["LPUSH", key(random, "l"), text(random, 100), text(random, 100)],
    () => ["LTRIM", key(random, "l"), "0", "50"],
    () => ["HSET", key(random, "h"), `field:${random.integer(1, 400)}`, text(random, 60)],
    () => ["HDEL", key(random, "h"), `field:${random.integer(1, 400)}`],
    () => ["ZADD", key(random, "z"), String(random.integer(1, 1000)), `member:${random.integer(1, 300)}`],
    () => ["ZREMRANGEBYRANK", key(random, "z"), "0", "3"],
    () => ["SADD", key(random, "t"), `member:${random.integer(1, 500)}`],
    () => ["XADD", key(random, "x"), "MAXLEN", "100", "*", "field", text(random, 60)],
    () => ["UNLINK", key(random, "s"), key(random, "h")],
    () => ["EXPIRE", key(random, "z"), String(random.integer(1, 20))],
    () => ["NOSUCH", text(random, 50)],
  ])();
}

const behaviours: readonly Behaviour[] = [
  work,
  work,
  work,
  async function dropsTransaction(connection, random) {
    await connection.call("WATCH", key(random, "s"));
    await connection.call("MULTI");
    await connection.pipeline(
      Array.from({ length: random.integer(1, 30) }, () => ["SET", "queued", text(random, 1000)]),
    );
  },
  async function dropsHalfOfARequest(connection, random) {
    connection.send(`*3\r\n$3\r\nSET\r\n$4\r\nhalf\r\n$1000000\r\n${text(random, 300_000)}`);
    await pause(random.integer(0, 30));
  },
  async function dropsBlockingPop(connection, random) {
    connection.send(encodeCommand(["BLPOP", key(random, "none"), key(random, "none"), "0"]));
    connection.send(encodeCommand(["GET", text(random, 1000)]));
    await pause(random.integer(0, 50));
  },
  async function dropsSubscription(connection, random) {
    connection.send(encodeCommand(["SUBSCRIBE", key(random, "channel"), key(random, "channel")]));
    connection.send(encodeCommand(["PSUBSCRIBE", `${key(random, "channel")}*`]));
    await pause(random.integer(0, 50));
  },
  async function readsNothing(connection, random) {
    connection.socket.pause();
    const request = encodeCommand(["ECHO", "x".repeat(50_000)]);
    for (let left = random.integer(1, 40); left > 0; left--) connection.send(request);
    await pause(random.integer(0, 50));
  },
  async function publishes(connection, random) {
    await connection.pipeline(
      Array.from({ length: 50 }, () => ["PUBLISH", key(random, "channel"), text(random, 1000)]),
    );
  },
];

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** So many clients at a time, for so long; each does one thing and is gone. Gives how many there were. */
export async function mixedLoad(port: number, clients: number, ms: number, random: Random): Promise<number> {
  const endMs = performance.now() + ms;
  let count = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < endMs) {
      count++;
      const connection = await RawConnection.open(port);
      await random.pick(behaviours)(connection, random);
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: clients }, one));
  return count;
}
