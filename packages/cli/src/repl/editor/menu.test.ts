import { expect, test } from "vitest";
import { commonBeginning, Menu, type Candidate } from "./menu.ts";

const STYLES = { label: "", chosen: "7", detail: "2" };

function menuOf(count: number): Menu {
  return new Menu(Array.from({ length: count }, (_, at): Candidate => ({ text: `item${at}`, detail: `about ${at}` })));
}

function textOf(menu: Menu, columns = 30): string[] {
  return menu.rows(columns, STYLES).map((row) =>
    row
      .map(({ text }) => text)
      .join("")
      .trimEnd(),
  );
}

test("candidates in rows, and what is known of the chosen one", () => {
  const menu = menuOf(5);
  expect(textOf(menu)).toEqual(["item0  item1  item2  item3", "item4"]);
  menu.move(1);
  expect(textOf(menu)).toEqual(["item0  item1  item2  item3", "item4", "about 0"]);
  expect(menu.rows(30, STYLES)[0]?.[0]).toEqual({ text: "item0", style: "7" });
});

test("choosing goes round, and by rows to where there is one", () => {
  const menu = menuOf(5);
  menu.move(-1);
  expect(menu.chosen?.text).toBe("item4");
  menu.move(1);
  expect(menu.chosen?.text).toBe("item0");
  menu.moveRow(1, 30);
  expect(menu.chosen?.text).toBe("item4");
  menu.moveRow(1, 30);
  expect(menu.chosen?.text).toBe("item4");
  menu.moveRow(-1, 30);
  expect(menu.chosen?.text).toBe("item0");
});

test("more than have room: a page of them, with the place among all", () => {
  const menu = menuOf(100);
  expect(textOf(menu)).toHaveLength(9);
  expect(textOf(menu).at(-1)).toBe("100 in all");
  for (let at = 0; at < 40; at++) menu.move(1);
  expect(textOf(menu)[0]).toBe("item24  item25  item26");
  expect(textOf(menu).at(-1)).toBe("40/100  about 39");
});

test("no row is wider than the terminal", () => {
  const menu = new Menu([{ text: "漢".repeat(50) }, { text: "short" }]);
  for (const columns of [10, 40, 200]) {
    for (const row of textOf(menu, columns)) expect(row.length).toBeLessThan(columns);
  }
});

test("the common beginning", () => {
  expect(commonBeginning([{ text: "user:1" }, { text: "user:2" }])).toBe("user:");
  expect(commonBeginning([{ text: "a" }, { text: "b" }])).toBe("");
});
