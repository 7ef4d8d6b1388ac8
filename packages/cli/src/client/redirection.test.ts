import { ReplyError, type Reply } from "@sider/resp-protocol/client";
import { expect, test } from "vitest";
import { redirectionOf } from "./redirection.ts";

test.each([
  ["MOVED 3999 127.0.0.1:6381", { slot: 3999, host: "127.0.0.1", port: 6381, isAsk: false }],
  ["ASK 0 node.example.org:1", { slot: 0, host: "node.example.org", port: 1, isAsk: true }],
  ["MOVED 16383 ::1:6381", { slot: 16383, host: "::1", port: 6381, isAsk: false }],
  ["MOVED 1 :6381", { slot: 1, host: "", port: 6381, isAsk: false }],
  ["MOVED 1 ?:6381", { slot: 1, host: "", port: 6381, isAsk: false }],
])("%s", (message, expected) => {
  expect(redirectionOf(new ReplyError(message))).toEqual(expected);
});

test.each<Reply>([
  "MOVED 3999 127.0.0.1:6381",
  null,
  new ReplyError("MOVED"),
  new ReplyError("MOVED 1 nowhere"),
  new ReplyError("MOVED x h:1"),
  new ReplyError("MOVED 1 h:123456"),
  new ReplyError("MOVEDX 1 h:1"),
  new ReplyError("ERR MOVED 1 h:1"),
])("%o is none", (reply) => {
  expect(redirectionOf(reply)).toBeNull();
});
