import { expect, test } from "vitest";
import { DIRECTIVES } from "./directives.ts";
import { SECTIONS } from "./manual.ts";
import { configurationFile, configurationPage } from "./manual-text.ts";

const names = Object.keys(DIRECTIVES);

test("every directive is in one section", () => {
  expect(SECTIONS.flatMap((section) => section.names).sort()).toEqual(names.sort());
});

test("the page has a row for each, and the file a line for each that works", () => {
  const page = configurationPage();
  const file = configurationFile();
  for (const [name, { support }] of Object.entries(DIRECTIVES)) {
    expect(page).toContain(`| \`${name}\``);
    const isHidden = "hidden" in DIRECTIVES[name as keyof typeof DIRECTIVES];
    expect([name, new RegExp(`^(?:# )?${name} `, "m").test(file)]).toEqual([name, support === "works" && !isHidden]);
  }
  for (const line of file.split("\n")) expect(line.startsWith("#") ? line.length : 0).toBeLessThanOrEqual(100);
});
