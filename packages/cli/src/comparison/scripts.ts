/** Lines of commands on standard input: splitting, quotes, the lines that are the CLI's own, the state that commands change. */
import { Buffer } from "node:buffer";
import { ALL_BYTES, script, TERMINAL, type Invocation } from "./invocation.ts";

const LINES: Invocation[] = [
  script(""),
  script("\n\n"),
  script("ping"),
  script("ping\r\nget text\r\n"),
  script("ping\nget text\n\n   \n\t\nget missing\n"),
  script("  ping  \n\tping\t\n"),
  script("# no comment\nping\n"),
  script("// nothing\nping\n"),
  script("ping # text\n"),
  script("ping \\\nping\n"),
  script("ping; ping\n"),
  script('set "a b" \'it\\\'s\'\nget "a b"\necho "\\x00\\xff\\n\\t\\q"\n'),
  script('echo "unbalanced\necho "a"b\necho fine'),
  script("echo 'a'b\necho a'b'\necho a\"b\"\necho ''\n"),
  script('echo "\\x4"\necho "\\xzz"\necho "\\\\"\necho \\n\n'),
  script(`echo ${"x".repeat(300_000)}\nping\n`),
  script("ping\x0bping\nping\x0c\n"),
  script(Buffer.concat([Buffer.from('echo "'), ALL_BYTES.subarray(128), Buffer.from('"\r\n')])),
  script("set k v EX\nget\nnosuch\nping\n"),
  script("GET text\nSTRLEN text\nTYPE text\n", ["--no-raw"]),
];

const OWN_LINES: Invocation[] = [
  script("ping\nquit\nping\n"),
  script("PING\nEXIT\nping\n"),
  script("quit now\nping\n"),
  script("3 incr number\n0 ping\n-1 ping\n"),
  script("2 2 ping\n+2 ping\n007 ping\n"),
  script('" 2" incr number\n"" ping\n2x ping\n'),
  script("99999999999999999999 ping\n3\n"),
  script("2 set k\n2 nosuch\n"),
  script("2 connect a b\n"),
  script(":set hints\n:set nohints\n:set nonsense\n:nonsense\n:set\n:\nping\n"),
  script("clear\nping\nclear x\n"),
  script("restart\nrestart now\nping\n"),
  script("connect nonsense\nping\n"),
  script("connect 127.0.0.1 1\nping\n"),
];

const HELLO = { HELLO: "%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n" };

const STATE: Invocation[] = [
  script("multi\nincr number\nget text\nexec\nget number\n"),
  script("multi\nincr number\nnosuch\nexec\nget number\n", ["--no-raw"]),
  script("multi\nset text x\ndiscard\nselect 2\ndbsize\nnosuch\n", ["--no-raw"]),
  script("multi\nmulti\nexec\nexec\ndiscard\n"),
  script("watch text\nmulti\nget text\nexec\nunwatch\n", ["--csv"]),
  script("select 3\nset a b\nselect 0\ndbsize\nselect 3\nget a\n"),
  script("select 99\ndbsize\nselect x\n"),
  script("hello 3\nget x\nget y\n", ["--no-raw"], {
    answers: ["%1\r\n+a\r\n,1.0\r\n", "~1\r\n#t\r\n"],
    greetings: HELLO,
  }),
  script("hello 3\nget x\nhello\n", ["--json", "-2"], { answers: ["%1\r\n:1\r\n*1\r\n_\r\n"], greetings: HELLO }),
  script("hello 9\nhgetall hash\n", ["-3"]),
  script("hgetall hash\nreset\nhgetall hash\nselect 2\nreset\ndbsize\n", ["-3", "--no-raw"]),
  script("auth alice secret\nacl whoami\nauth wrong\nacl whoami\nreset\nacl whoami\n"),
  script("select 2\nauth alice secret\nset x y\ndbsize\n", ["-n", "1"]),
  script("client setname me\nclient getname\nreset\nclient getname\n"),
  script("client tracking on\nget text\nset text new\nget text\nping\n", ["-3"], { env: TERMINAL }),
  script("client tracking on\nget text\nset text new\nget text\nping\n", ["-3"]),
  script("lrange list 0 -1\nhgetall hash\nget missing\n", ["--csv"]),
  script("hgetall hash\nget bytes\nnosuch\n", ["--json"]),
  script("get bytes\nget utf8\n", ["--quoted-json"]),
  script("nosuch\nping\n", ["-e"]),
  script("ping\nping\n", ["-r", "3"]),
  script("ping\nget text\n", ["-D", "|"]),
  script("ping\n", ["-x"]),
  script("info modules\nlolwut version 1\nping\n", ["--no-raw"]),
  script("ping\nget x\nget y\n", ["-n", "99"]),
  script("ping\nacl whoami\n", ["-a", "wrong"]),
  script("get text\n", [], { env: TERMINAL }),
  script("debug sleep 0.6\nping\n", ["--raw"]),
  script("debug protocol push\nping\n", ["-3"], { env: TERMINAL }),
];

export const SCRIPTS: readonly Invocation[] = [...LINES, ...OWN_LINES, ...STATE];
