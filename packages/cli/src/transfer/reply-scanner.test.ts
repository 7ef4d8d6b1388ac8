import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { ReplyScanner } from "./reply-scanner.ts";

function scanner(): { scanner: ReplyScanner; errors: string[]; feed(text: string): void } {
  const errors: string[] = [];
  const made = new ReplyScanner((text) => errors.push(text));
  const feed = (text: string): void => {
    const bytes = Buffer.from(text, "latin1");
    made.feed(bytes, 0, bytes.length);
  };
  return { scanner: made, errors, feed };
}

test("the marker is found at the top level only, once it is expected, and not counted", () => {
  const { scanner: made, feed } = scanner();
  const marker = "\r\n0123456789abcdef\xff\0";
  const reply = `$20\r\n${marker}\r\n`;
  feed(reply);
  made.expect(Buffer.from(marker, "latin1"));
  feed(`*1\r\n${reply}$20\r\n${"x".repeat(20)}\r\n$3\r\nabc\r\n`);
  expect(made).toMatchObject({ hasMarker: false, replies: 4 });
  for (const character of reply) feed(character);
  expect(made).toMatchObject({ hasMarker: true, replies: 4, errors: 0 });
});

test("a long error is cut, the replies behind it are counted", () => {
  const { scanner: made, errors, feed } = scanner();
  for (const piece of [
    "-ERR ",
    ..."x"
      .repeat(100)
      .split("")
      .map(() => "y".repeat(1000)),
    "\r\n+OK\r\n",
  ])
    feed(piece);
  expect(made).toMatchObject({ errors: 1, replies: 2 });
  expect(errors[0]).toMatch(/^ERR y{65532}$/);
});

test.each(["HTTP/1.1 400 Bad Request\r\n", "$-7\r\n", "*1\r\n?", "$x\r\n", "$3\r\nabcd\r\n", "$1\n", "*1\r\n>1\r\n"])(
  "garbage: %j",
  (garbage) => {
    const { scanner: made, feed } = scanner();
    feed("+OK\r\n" + garbage + "+OK\r\n");
    expect(made).toMatchObject({ isBroken: true, replies: 1 });
  },
);

test("endless nesting is refused", () => {
  const { scanner: made, feed } = scanner();
  feed("*1\r\n".repeat(2000));
  expect(made.isBroken).toBe(true);
});
