/** Files cut, padded and damaged at random: the reader gives a prefix of the commands and says what is wrong, and never more. */
import { expect, test } from "vitest";
import { request } from "../testing/aof.ts";
import { joined, latin1 } from "../testing/dumps.ts";
import { type FuzzRandom, randomFromSeed } from "../testing/random.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { type AofItem, AofReader } from "./aof-reader.ts";

function read(file: Uint8Array, windowBytes: number): { commands: string[]; end: AofItem; wholeUpTo: number } {
  const disk = new SimulatedDisk();
  disk.place("/file", file);
  const reader = new AofReader(disk, disk.open("/file", "r"), { windowBytes });
  const commands: string[] = [];
  for (;;) {
    const item = reader.next();
    if (item === "command") commands.push(latin1(reader.bytes, reader.start, reader.end - reader.start));
    else if (item !== "annotation") return { commands, end: item, wholeUpTo: reader.startOffset };
  }
}

function randomCommands(random: FuzzRandom): Uint8Array[] {
  return Array.from({ length: 1 + random.below(8) }, () => {
    const words = Array.from({ length: 1 + random.below(4) }, () => latin1(random.bytes(300)));
    return joined(random.below(4) === 0 ? "#TS:1\r\n" : "", request(...words));
  });
}

test("any end and any damage", () => {
  const random = randomFromSeed();
  for (let round = 0; round < 2000 * random.scale; round++) {
    const commands = randomCommands(random);
    const sound = joined(...commands);
    const expected = read(sound, 1 << 16).commands;
    const windowBytes = 16 + random.below(64);
    expect(read(sound, windowBytes), random.seedText).toEqual({
      commands: expected,
      end: "end",
      wholeUpTo: sound.length,
    });
    const cutAt = random.below(sound.length);
    const padding = "\0".repeat(random.below(3) * random.below(50));
    const cut = read(joined(sound.subarray(0, cutAt), padding), windowBytes);
    expect(cut.commands, random.seedText).toEqual(expected.slice(0, cut.commands.length));
    expect(["end", "torn"], random.seedText).toContain(cut.end);
    const damaged = sound.slice();
    damaged[cutAt] ^= 1 << random.below(8);
    const found = read(damaged, windowBytes);
    expect(found.wholeUpTo, random.seedText).toBeLessThanOrEqual(sound.length);
    const before = read(sound.subarray(0, cutAt), windowBytes).commands;
    expect(found.commands.slice(0, before.length), random.seedText).toEqual(before);
  }
});
