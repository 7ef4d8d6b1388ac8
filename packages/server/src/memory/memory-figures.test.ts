import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import { memoryFigures, memoryLayers } from "./memory-figures.ts";

test("each layer is measured by the one within it, and the process by the data", () => {
  const figures = memoryFigures(createTestServer().server);
  const given = {
    ...figures,
    usedBytes: 500,
    allocatedBytes: 400,
    activeBytes: 600,
    residentBytes: 1200,
    processBytes: 3000,
  };
  expect(memoryLayers(given)).toEqual({
    slabs: { quotient: 1.5, bytes: 200 },
    pages: { quotient: 2, bytes: 600 },
    process: { quotient: 2.5, bytes: 1800 },
    all: { quotient: 6, bytes: 2500 },
  });
  expect(memoryLayers({ ...given, allocatedBytes: 0 }).slabs).toEqual({ quotient: 0, bytes: 600 });
});
