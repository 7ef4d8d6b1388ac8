/** Replies of every type and nesting in every format, most of them from a server that says what redis-server never does. */
import { bulk, FORMATS, inFormats, TERMINAL, verbatim, type Invocation } from "./invocation.ts";

const FROM_REDIS: readonly (readonly string[])[] = [
  ["mget", "text", "missing", "bytes", "utf8"],
  ["lrange", "list", "0", "-1"],
  ["hgetall", "hash"],
  ["smembers", "set"],
  ["zrange", "sorted", "0", "-1", "withscores"],
  ["xread", "streams", "stream", "0"],
  ["command", "docs", "get"],
  ["debug", "protocol", "set"],
  ["debug", "protocol", "map"],
  ["debug", "protocol", "true"],
  ["debug", "protocol", "null"],
  ["debug", "protocol", "verbatim"],
  ["debug", "protocol", "double"],
  ["echo", 'quotes " and \\ and \u0001 \u00e9'],
];

const SHAPES: readonly string[] = [
  // Doubles as they were written.
  "*9\r\n,3\r\n,3.0\r\n,-0\r\n,.5\r\n,1e3\r\n,1E-7\r\n,+1.50\r\n,inf\r\n,-inf\r\n",
  "*4\r\n:0\r\n:-1\r\n:9223372036854775807\r\n:-9223372036854775808\r\n",
  // Bytes that are not UTF-8, and all that is escaped.
  '*4\r\n+status \xff\xc3\x28 \x07\t"\\\r\n-ERR \xe9 "quoted" \\ \x1b\r\n' +
    verbatim("\xff\n\r\x01") +
    bulk("\xff\x00\x7f\x80"),
  "+a status \xe9\r\n",
  "-ERR \xe9\xff\r\n",
  bulk(String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))),
  verbatim("# a\n", "mkd"),
  verbatim(""),
  "+\r\n",
  "-\r\n",
  "$0\r\n\r\n",
  // Nothing, in each way to say it.
  "*7\r\n$-1\r\n*-1\r\n_\r\n*0\r\n%0\r\n~0\r\n$0\r\n\r\n",
  "*-1\r\n",
  "*0\r\n",
  "%0\r\n",
  "~0\r\n",
  "#f\r\n",
  // Sets with what is repeated, sets of sets.
  "~4\r\n+a\r\n+a\r\n~2\r\n:1\r\n~0\r\n%1\r\n+k\r\n~1\r\n:1\r\n",
  // Maps: repeated keys, keys of every type, values of several lines.
  "%3\r\n+a\r\n:1\r\n+a\r\n:2\r\n$1\r\na\r\n:3\r\n",
  "%7\r\n:1\r\n+integer\r\n,1.0\r\n+double\r\n#t\r\n+boolean\r\n_\r\n+null\r\n=5\r\ntxt:v\r\n+verbatim\r\n-ERR e\r\n+error\r\n$1\r\n\xff\r\n+bytes\r\n",
  '%3\r\n*2\r\n:1\r\n$1\r\n"\r\n+array\r\n%1\r\n+a\r\n:1\r\n+map\r\n~1\r\n+x\r\n+set\r\n',
  "%4\r\n+one\r\n*1\r\n*1\r\n:1\r\n+two\r\n*2\r\n:1\r\n:2\r\n+map\r\n%1\r\n+a\r\n*2\r\n:1\r\n:2\r\n+none\r\n*0\r\n",
  "%1\r\n+a\r\n%1\r\n+b\r\n%1\r\n+c\r\n:1\r\n",
  `%12\r\n${Array.from({ length: 12 }, (_, index) => `:${index}\r\n*2\r\n+a\r\n+b\r\n`).join("")}`,
  // Deep, wide, errors inside.
  "*2\r\n*2\r\n*2\r\n*2\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n",
  `*101\r\n${"*2\r\n:1\r\n$1\r\nx\r\n".repeat(101)}`,
  "*3\r\n-ERR first\r\n*2\r\n-ERR second\r\n+ok\r\n%1\r\n+k\r\n-ERR third\r\n",
  "*1\r\n".repeat(999) + "*2\r\n:1\r\n:2\r\n",
];

const LONG: readonly string[] = [
  `+${"s".repeat(100_000)}\r\n`,
  `-ERR ${"e".repeat(100_000)}\r\n`,
  bulk("\xff".repeat(300_000)),
  verbatim("v".repeat(300_000)),
];

/** Out-of-band messages before a reply. */
const PUSHES: readonly string[] = [
  ">2\r\n$10\r\ninvalidate\r\n*2\r\n$1\r\na\r\n$2\r\n\xffb\r\n+OK\r\n",
  ">2\r\n$10\r\ninvalidate\r\n_\r\n+OK\r\n",
  ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n%1\r\n+a\r\n*2\r\n:1\r\n:2\r\n$2\r\nhi\r\n",
  ">0\r\n+OK\r\n",
];

const PUSH_FORMATS = [["-3"], ["--raw", "-3"], ["--csv", "-3"], ["--json"], ["-3", "--show-pushes", "no"]];

export const REPLY_SHAPES: readonly Invocation[] = [
  ...inFormats(
    FORMATS,
    FROM_REDIS.map((args): Invocation => [args]),
  ),
  ...inFormats(
    FORMATS.filter(([, protocol]) => protocol === "-3"),
    [...SHAPES, ...LONG].map((answer): Invocation => [["get", "x"], { answers: [answer] }]),
  ),
  ...inFormats(
    PUSH_FORMATS,
    PUSHES.map((answer): Invocation => [["get", "x"], { answers: [answer], env: TERMINAL }]),
  ),
  ...PUSHES.map((answer): Invocation => [["-3", "--show-pushes", "yes", "get", "x"], { answers: [answer] }]),
  ...PUSHES.map((answer): Invocation => [["-3", "get", "x"], { answers: [answer] }]),
  [["lrange", "list", "0", "-1"], { env: TERMINAL }],
  [["--raw", "get", "bytes"], { env: TERMINAL }],
  [["-3", "debug", "protocol", "push"], { env: TERMINAL }],
];
