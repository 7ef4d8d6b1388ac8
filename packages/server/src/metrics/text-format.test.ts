import { expect, test } from "vitest";
import { parseExposition } from "./testing/exposition.ts";
import { metricsAsText } from "./text-format.ts";

test("texts and numbers come back as they were", () => {
  const labels = { a: 'a "quoted" \\ text\nof two lines', b: "\u00fc" };
  const values = [0, -1.5, 1e21, 1e-9, Infinity, -Infinity, NaN];
  const samples = values.map((value, index) => ({ value, labels: { ...labels, index: String(index) } }));
  const text = metricsAsText([
    { name: "m", type: "gauge", help: "of \\ two\nlines", samples },
    { name: "none", type: "gauge", help: "", samples: [] },
  ]);
  expect(text.split("\n").slice(0, 3)).toEqual([
    "# HELP m of \\\\ two\\nlines",
    "# TYPE m gauge",
    'm{a="a \\"quoted\\" \\\\ text\\nof two lines",b="\u00fc",index="0"} 0',
  ]);
  expect([...parseExposition(text)]).toEqual([
    ["m", { type: "gauge", help: "of \\\\ two\\nlines", samples: samples.map((sample) => ({ name: "m", ...sample })) }],
  ]);
});

test.each([
  "m 1",
  "# HELP m x\n# TYPE m gauge\n",
  "# HELP m x\n# TYPE m gauge\nm{a=1} 1\n",
  "# HELP m x\n# TYPE m gauge\nm 0x1\n",
])("the reader of the tests refuses %j", (text) => {
  expect(() => parseExposition(text)).toThrow();
});
