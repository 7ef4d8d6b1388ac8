/** Servers that are not there, that close, that refuse, that speak first; commands without an end of their own. */
import { script, type Invocation } from "./invocation.ts";

const CLOSING: Invocation[] = ["", "$100\r\nabc", "*3\r\n:1\r\n", "+OK\r"].flatMap((answer): Invocation[] => [
  [["get", "x"], { answers: [answer], closes: true }],
  [["--no-raw", "-r", "2", "get", "x"], { answers: [answer], closes: true }],
  [["-e", "get", "x"], { answers: [answer], closes: true }],
  script("get x\nget y\n", [], { answers: [answer], closes: true }),
]);

const GREETINGS: Invocation[] = [
  [["-a", "x", "--no-auth-warning", "get", "x"], { answers: ["+fine\r\n"], greetings: { AUTH: "-ERR \xe9\r\n" } }],
  [["-n", "2", "get", "x"], { answers: ["+fine\r\n"], greetings: { SELECT: "-ERR \xff\r\n" } }],
  [["-3", "get", "x"], { answers: ["+fine\r\n"], greetings: { HELLO: "-ERR unknown command\r\n" } }],
  [["--json", "get", "x"], { answers: ["$1\r\na\r\n"], greetings: { HELLO: "-ERR unknown command\r\n" } }],
  script("get x\n", ["-3"], { answers: ["+fine\r\n"], greetings: { HELLO: "-NOPROTO\r\n" } }),
  script("get x\n", ["-a", "x"], { answers: ["+fine\r\n"], greetings: { AUTH: "-ERR no\r\n" } }),
  [["get", "x"], { welcome: "-ERR max number of clients reached\r\n", answers: [], closes: true }],
  [["--no-raw", "get", "x"], { welcome: "-DENIED protected mode\r\n", answers: [], closes: true }],
  [["-e", "get", "x"], { welcome: "-DENIED protected mode\r\n", answers: [], closes: true }],
  [["-3", "get", "x"], { welcome: "-DENIED protected mode\r\n", answers: [], closes: true }],
];

const subscribed = "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n";
const subscribedPush = subscribed.replaceAll("*3", ">3");

/** Replies without an end, until the server closes; [command, answer]. */
const LISTENING = (
  [
    [["subscribe", "a"], subscribed],
    [["-3", "ssubscribe", "a"], subscribedPush],
    [["monitor"], '+OK\r\n+1700000000.000000 [0 127.0.0.1:1] "ping" "\xff"\r\n'],
    [["psubscribe", "a"], "-NOPERM no\r\n"],
    [["monitor"], "-NOPERM no\r\n"],
  ] as const
).flatMap(([args, answer]): Invocation[] => {
  const around = { answers: [answer], closes: true };
  return [[], ["--no-raw"], ["--csv"], ["--json"], ["-e"]]
    .map((options): Invocation => [[...options, ...args], around])
    .concat([
      [["-r", "2", ...args], around],
      script(
        `${args.filter((word) => !word.startsWith("-")).join(" ")}\nping\n`,
        args[0] === "-3" ? ["-3"] : [],
        around,
      ),
    ]);
});

const SHUTDOWN: Invocation[] = [
  [["shutdown"], { answers: [""], closes: true }],
  [["SHUTDOWN", "nosave"], { answers: [""], closes: true }],
  [["--no-raw", "shutdown"], { answers: ["-ERR Errors trying to SHUTDOWN.\r\n"] }],
  [["-e", "shutdown"], { answers: ["-ERR Errors trying to SHUTDOWN.\r\n"] }],
  script("shutdown\n", [], { answers: [""], closes: true }),
];

/** `port` is one on which nobody listens. */
export function faultRows(port: number): readonly Invocation[] {
  const nowhere = ["-h", "127.0.0.1", "-p", String(port)];
  return [
    [[...nowhere, "ping"]],
    [[...nowhere, "-r", "2", "ping"]],
    [[...nowhere, "-e", "ping"]],
    [[...nowhere, "-a", "x", "ping"]],
    [[...nowhere, "--json", "ping"]],
    [[...nowhere, "-x", "ping"]],
    [[...nowhere, "-X", "a", "ping"]],
    [[...nowhere, "--quoted-input", '"']],
    script("ping\nping\n\n", nowhere),
    script("", nowhere),
    script("quit\n", nowhere),
    script(':set hints\n2 ping\nnot "balanced\n', nowhere),
    [["-s", "/nonexistent/socket", "ping"]],
    [["-s", "/tmp", "ping"]],
    script("ping\n", ["-s", "/nonexistent/socket"]),
    ...CLOSING,
    ...GREETINGS,
    ...LISTENING,
    ...SHUTDOWN,
  ];
}
