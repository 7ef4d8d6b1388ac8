/** DEBUG PROTOCOL: one reply of each type, for tests of clients. The values are those of Redis, so that its clients' tests pass. */
import type { ReplyWriter } from "@sider/resp-protocol";
import type { CommandContext } from "../../dispatch/command-context.ts";

const REPLIES: Readonly<Record<string, (reply: ReplyWriter) => void>> = {
  string: (reply) => reply.bulkString("Hello World"),
  integer: (reply) => reply.integer(12345),
  double: (reply) => reply.double(3.141),
  bignum: (reply) => reply.bigNumber(1234567999999999999999999999999999999n),
  null: (reply) => reply.nullBulk(),
  array: (reply) => {
    reply.arrayHeader(3);
    replyThreeIntegers(reply);
  },
  set: (reply) => {
    reply.setHeader(3);
    replyThreeIntegers(reply);
  },
  map: (reply) => {
    reply.mapHeader(3);
    for (let number = 0; number < 3; number++) {
      reply.integer(number);
      reply.boolean(number === 1);
    }
  },
  attrib: replyWithAttribute,
  push: replyAfterPush,
  verbatim: (reply) => reply.verbatim("txt", "This is a verbatim\nstring"),
  true: (reply) => reply.boolean(true),
  false: (reply) => reply.boolean(false),
};

/** DEBUG PROTOCOL type */
export function debugProtocol(context: CommandContext): void {
  const type = context.text(2).toLowerCase();
  if (!Object.hasOwn(REPLIES, type)) {
    const types = Object.keys(REPLIES).join("|");
    return context.refuse(`ERR Wrong protocol type name. Please use one of the following: ${types}`);
  }
  if (type === "push" && context.reply.protocol === 2) {
    return context.refuse("ERR RESP2 is not supported by this command");
  }
  REPLIES[type](context.reply);
}

function replyThreeIntegers(reply: ReplyWriter): void {
  for (let number = 0; number < 3; number++) reply.integer(number);
}

/** An attribute, which RESP2 does not have, and the reply that it belongs to. */
function replyWithAttribute(reply: ReplyWriter): void {
  if (reply.protocol === 3) {
    reply.attributeHeader(1);
    reply.bulkString("key-popularity");
    reply.arrayHeader(2);
    reply.bulkString("key:123");
    reply.integer(90);
  }
  reply.bulkString("Some real reply following the attribute");
}

/** A push message, and a reply for clients that set pushes aside. */
function replyAfterPush(reply: ReplyWriter): void {
  reply.pushHeader(2);
  reply.bulkString("server-cpu-usage");
  reply.integer(42);
  reply.bulkString("Some real reply following the push reply");
}
