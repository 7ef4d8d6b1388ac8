/** However a stream is cut, whatever is around it and however batches are limited, the same requests come out of it. */
import { expect, it } from "vitest";
import { encodeRequest } from "./request-encoder.ts";
import { createRequestLimits } from "./request-limits.ts";
import { parseAll, textOf, type ParsedStream } from "./testing/parse-all.ts";
import { fuzz, type RandomSource } from "./testing/random.ts";

function randomRequest(random: RandomSource): Uint8Array {
  const kind = random.below(12);
  if (kind === 0) return ascii(random.pick(["\r\n", "\n", "*0\r\n", "*-1\r\n", "   \r\n"]));
  if (kind <= 2) return ascii(randomInline(random));
  const count = random.below(random.below(20) === 0 ? 40 : 5) + 1;
  const longest = random.pick([1, 12, 120, 120, 5000]);
  return encodeRequest(Array.from({ length: count }, () => random.bytes(random.below(longest + 1))));
}

function randomInline(random: RandomSource): string {
  const words = ["get", "set", `"a b"`, `'c\\'d'`, `"\\x41\\n\\q"`, "plain", `""`, `x"y z"`, "\t", `"open`, `'s'x`];
  const safe = random.below(5) === 0 ? words : words.slice(0, -2);
  const line = Array.from({ length: 1 + random.below(5) }, () => random.pick(safe)).join(" ");
  return line + random.pick(["\r\n", "\n"]);
}

function randomStream(random: RandomSource): Uint8Array {
  const parts = Array.from({ length: random.below(12) }, () => randomRequest(random));
  return Uint8Array.from(Buffer.concat(parts));
}

/** Cuts off the end, changes bytes, or puts in tokens of the protocol. */
function corrupt(random: RandomSource, stream: Uint8Array): Uint8Array {
  const broken = Array.from(stream);
  for (let change = random.below(4); change > 0; change--) {
    const at = random.below(broken.length + 1);
    const tokens = ["\r", "\n", "$", "*", "-", "9", "0", "\r\n", "$-1\r\n", "*9999999\r\n", "$99999999999\r\n", "\0"];
    broken.splice(at, random.below(3), ...ascii(random.pick(tokens)));
  }
  return Uint8Array.from(broken.slice(0, random.below(3) === 0 ? random.below(broken.length + 1) : undefined));
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function checkAllCuts(random: RandomSource, stream: Uint8Array, authenticated: boolean): ParsedStream {
  const limits = createRequestLimits({ maxBulkBytes: 100_000 });
  const whole = parseAll(stream, stream.length + 1, { authenticated, limits });
  for (let round = 0; round < 4; round++) {
    const cut = random.below(4) === 0 ? 1 + random.below(8) : random.cuts(stream.length, random.below(12));
    const options = {
      authenticated,
      limits,
      headroom: random.pick([0, 1, 64, 20_000]),
      maxCommands: random.pick([1, 2, 100]),
      filler: random.pick([0x30, 0x39, 0x0d, 0x0a, 0x24, 0xff]),
    };
    const unread = random.below(3) === 0 ? { unread: random.next } : {};
    expect(
      parseAll(stream, cut, { ...options, ...unread }),
      JSON.stringify({ cut, options, stream: textOf(stream) }),
    ).toEqual(whole);
  }
  return whole;
}

it("valid requests are found however the stream is cut", () => {
  fuzz(400, (random) => {
    checkAllCuts(random, randomStream(random), true);
  });
});

it("what was encoded is what is parsed", () => {
  fuzz(300, (random) => {
    const commands = Array.from({ length: 1 + random.below(10) }, () =>
      Array.from({ length: 1 + random.below(12) }, () => random.bytes(random.below(random.pick([4, 40, 3000])))),
    );
    const stream = Uint8Array.from(Buffer.concat(commands.map((command) => encodeRequest(command))));
    const expected = commands.map((command) => command.map((bytes) => textOf(bytes)));
    expect(checkAllCuts(random, stream, true)).toEqual({ commands: expected, error: null });
  });
});

it("corrupt streams give the same requests and the same error however they are cut", () => {
  fuzz(800, (random) => {
    checkAllCuts(random, corrupt(random, randomStream(random)), random.below(2) === 0);
  });
});

it("random bytes are an error or a request, and never more than that", () => {
  fuzz(800, (random) => {
    const alphabet = random.pick(["\r\n*$0123456789-ab", "*1\r\n$0", "\"'\\x41 \r\nab", null]);
    const length = random.below(300);
    const stream =
      alphabet === null
        ? random.bytes(length)
        : ascii(Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join(""));
    checkAllCuts(random, stream, random.below(2) === 0);
  });
});
