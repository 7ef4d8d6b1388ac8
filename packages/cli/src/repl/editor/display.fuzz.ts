/** Whatever is drawn after whatever, at any width: the screen shows the line, wrapped as a terminal does, and the cursor in its place. */
import unicode from "@xterm/addon-unicode11";
import xterm from "@xterm/headless";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed, type Random, randomFrom } from "../../testing/random.ts";
import { Display } from "./display.ts";
import { graphemesOf } from "./width.ts";

const runs = 60 * fuzzScale;
const PIECES = ["a", "bc ", "0123456789", "漢", "字x", "é", "😀"];

test("drawing over what was drawn", async () => {
  const random = randomFrom(fuzzSeed);
  for (let run = 0; run < runs; run++) await drawSeveral(random);
});

async function drawSeveral(random: Random): Promise<void> {
  const columns = 12 + random(30);
  const screen = new xterm.Terminal({ cols: columns, rows: 12, allowProposedApi: true });
  screen.loadAddon(new unicode.Unicode11Addon());
  screen.unicode.activeVersion = "11";
  const written: Promise<void>[] = [];
  const write = (text: string): void => void written.push(new Promise((resolve) => screen.write(text, resolve)));
  const display = new Display({ columns, rows: 12, write });
  write("above\r\n");
  for (let draws = 0; draws < 8; draws++) {
    const text = "> " + Array.from({ length: random(12) }, () => PIECES[random(PIECES.length)] ?? "").join("");
    const behind = graphemesOf(text)
      .slice(0, random(text.length + 1))
      .join("");
    const below = Array.from({ length: random(3) }, (_, at) => [{ text: `row ${at}`, style: "7" }]);
    const spans = [
      { text: text.slice(0, 2), style: "" },
      { text: text.slice(2), style: "32" },
    ];
    display.draw({ spans, cursor: behind.length, hint: { text: " hint", style: "2" }, below });
    await Promise.all(written.splice(0));
    const rows = rowsOf(screen);
    const shown = `seed ${fuzzSeed}, ${JSON.stringify({ text, columns, rows, behind })}`;
    expect(rows[0], shown).toBe("above");
    expect(rows.slice(1).join("").replaceAll(" ", ""), shown).toMatch(beginningWith(text, below.length));
    expect(beforeCursor(screen).replaceAll(" ", ""), shown).toBe(`above${behind}`.replaceAll(" ", ""));
  }
}

/** The line, as much of the hint as has room, and the rows below. */
function beginningWith(text: string, below: number): RegExp {
  const escaped = text.replaceAll(" ", "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const rows = Array.from({ length: below }, (_, at) => `row${at}`).join("");
  return new RegExp(`^${escaped}h?i?n?t?${rows}$`);
}

function rowsOf(screen: InstanceType<typeof xterm.Terminal>): string[] {
  const { active } = screen.buffer;
  const rows = Array.from({ length: screen.rows }, (_, y) => active.getLine(y)?.translateToString().trimEnd() ?? "");
  while (rows.at(-1) === "") rows.pop();
  return rows;
}

function beforeCursor(screen: InstanceType<typeof xterm.Terminal>): string {
  const { active } = screen.buffer;
  const rows = Array.from({ length: active.cursorY }, (_, y) => active.getLine(y)?.translateToString() ?? "");
  return rows.join("") + (active.getLine(active.cursorY)?.translateToString(false, 0, active.cursorX) ?? "");
}
