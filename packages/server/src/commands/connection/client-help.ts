/** CLIENT HELP. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { replyHelp } from "../help.ts";

const LINES = [
  "GETNAME",
  "    The name of this connection.",
  "ID",
  "    The number of this connection.",
  "INFO",
  "    One line about this connection.",
  "KILL <ip:port>",
  "    Close the connection that comes from this address.",
  "KILL <option> <value> [<option> <value> [...]]",
  "    Close the connections that all options match, and count them:",
  "    * ADDR (<ip:port>|<unixsocket>:0)",
  "      where they come from",
  "    * LADDR (<ip:port>|<unixsocket>:0)",
  "      where they arrived",
  "    * ID <id>",
  "      their number",
  "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
  "      their kind",
  "    * USER <username>",
  "      who is logged in",
  "    * SKIPME (YES|NO)",
  "      whether to spare this connection (default: yes)",
  "LIST [options ...]",
  "    A line about each connection. Options:",
  "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
  "      only those of a kind",
  "    * ID <id> [...]",
  "      only those with these numbers",
  "NO-EVICT (ON|OFF)",
  "    Spare this connection when memory for clients runs out.",
  "NO-TOUCH (ON|OFF)",
  "    Commands of this connection do not count as a use of their keys.",
  "PAUSE <timeout> [WRITE|ALL]",
  "    Hold the commands of all clients, or those that write, for <timeout> milliseconds.",
  "REPLY (ON|OFF|SKIP)",
  "    Send replies to this connection, or none, or leave out the next one.",
  "SETINFO (LIB-NAME <name>|LIB-VER <version>)",
  "    Say which library this client uses.",
  "SETNAME <name>",
  "    Name this connection.",
  "UNPAUSE",
  "    End a pause.",
];

export function clientHelp(context: CommandContext): void {
  replyHelp(context, LINES);
}
