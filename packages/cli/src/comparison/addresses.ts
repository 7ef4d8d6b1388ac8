/** Ways to say where the server is. `{port}` and `{socket}` stand for those of redis-server. */
import type { Invocation } from "./invocation.ts";

const uri = (text: string, ...more: string[]): Invocation => [["-u", text, ...more]];

export const ADDRESSES: readonly Invocation[] = [
  [["-h", "127.0.0.1", "-p", "{port}", "get", "text"]],
  [["-p", "1", "-p", "{port}", "get", "text"]],
  [["-p", " {port}x", "get", "text"]],
  [["-s", "{socket}", "get", "text"]],
  [["-s", "{socket}", "-n", "3", "dbsize"]],
  [["-s", "{socket}", "-h", "nowhere.invalid", "-p", "1", "get", "text"]],
  [["-s", "{socket}"], { input: "select 3\ndbsize\nmulti\nexec\n" }],
  uri("redis://127.0.0.1:{port}", "get", "text"),
  uri("redis://127.0.0.1:{port}/", "dbsize"),
  uri("redis://127.0.0.1:{port}/4", "dbsize"),
  uri("redis://127.0.0.1:{port}/99", "dbsize"),
  uri("redis://127.0.0.1:{port}/4", "-n", "0", "dbsize"),
  uri("redis://127.0.0.1/4", "-p", "{port}", "dbsize"),
  uri("redis://", "-p", "{port}", "dbsize"),
  uri("redis:///3", "-p", "{port}", "dbsize"),
  uri("redis://alice:se%63ret@127.0.0.1:{port}", "acl", "whoami"),
  uri("redis://alice:secret@127.0.0.1:{port}", "--no-auth-warning", "acl", "whoami"),
  uri("redis://alice:secret@", "-p", "{port}", "acl", "whoami"),
  uri("REDIS://alice:wrong@127.0.0.1:{port}", "acl", "whoami"),
  uri("redis://secret@127.0.0.1:{port}", "--user", "alice", "acl", "whoami"),
  uri("redis://al%69ce:x@127.0.0.1:{port}", "-a", "secret", "acl", "whoami"),
];
