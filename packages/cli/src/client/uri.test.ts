import { expect, test } from "vitest";
import { addressText } from "./address.ts";
import { parseUri, type ServerUri } from "./uri.ts";

const tcp = (host: string, port: number): ServerUri["address"] => ({ kind: "tcp", host, port });

const understood: [string, ServerUri][] = [
  ["redis://", { address: tcp("127.0.0.1", 6379) }],
  ["REDIS://example.org", { address: tcp("example.org", 6379) }],
  ["redis://example.org:7000/3", { address: tcp("example.org", 7000), database: 3 }],
  ["redis:///5", { address: tcp("127.0.0.1", 6379), database: 5 }],
  ["redis://[::1]:7000", { address: tcp("::1", 7000) }],
  ["redis://secret@h", { address: tcp("h", 6379), password: "secret" }],
  ["redis://:secret@h", { address: tcp("h", 6379), password: "secret" }],
  ["redis://us%65r:p%40ss%3A@h:1/", { address: tcp("h", 1), username: "user", password: "p@ss:" }],
  ["rediss://:p@h:1/3", { address: tcp("h", 1), password: "p", database: 3, tls: true }],
  ["Rediss://", { address: tcp("127.0.0.1", 6379), tls: true }],
  ["redis://u:a/b@c@h/1", { address: tcp("h", 6379), username: "u", password: "a/b@c", database: 1 }],
  ["redis://h?db=4", { address: tcp("h", 6379), database: 4 }],
  ["redis://u:@[fe80::1]:2", { address: tcp("fe80::1", 2), username: "u", password: "" }],
  ["unix:///run/a@b:c", { address: { kind: "unix", path: "/run/a@b:c" } }],
  ["unix:///run/redis.sock", { address: { kind: "unix", path: "/run/redis.sock" } }],
  [
    "unix://u:p@/run/r%20s?db=2",
    { address: { kind: "unix", path: "/run/r s" }, username: "u", password: "p", database: 2 },
  ],
];

test.each(understood)("%s", (text, expected) => {
  expect(parseUri(text)).toEqual(expected);
});

test.each([
  ["http://x", "Invalid URI scheme"],
  ["", "Invalid URI scheme"],
  ["redisx://x", "Invalid URI scheme"],
  ["rediss:/x", "Invalid URI scheme"],
  ["redis://h:port", "Invalid host, port or database number"],
  ["redis://h:70000", "Invalid port"],
  ["redis://h/db", "Invalid host, port or database number"],
  ["redis://%zz@h", "Illegal character in URI encoding"],
  ["unix://relative", "Invalid socket path"],
])("%s is refused: %s", (text, message) => {
  expect(() => parseUri(text)).toThrow(message);
});

test("addresses as text", () => {
  expect(addressText(tcp("127.0.0.1", 1))).toBe("127.0.0.1:1");
  expect(addressText(tcp("::1", 1))).toBe("[::1]:1");
  expect(addressText({ kind: "unix", path: "/s" })).toBe("/s");
});
