/** The reading of redis-benchmark's long report. */
import { expect, test } from "vitest";

import { parseReport } from "./redis-benchmark.ts";

const report = `====== SET ======
Latency by percentile distribution:
0.000% <= 0.079 milliseconds (cumulative count 2)
50.000% <= 0.247 milliseconds (cumulative count 10490)
98.438% <= 0.527 milliseconds (cumulative count 19696)
99.219% <= 0.623 milliseconds (cumulative count 19845)
99.805% <= 0.791 milliseconds (cumulative count 19962)
99.902% <= 2.935 milliseconds (cumulative count 19981)
100.000% <= 3.007 milliseconds (cumulative count 20000)

Cumulative distribution of latencies:
0.030% <= 0.103 milliseconds (cumulative count 6)
100.000% <= 3.103 milliseconds (cumulative count 20000)

Summary:
  throughput summary: 101010.10 requests per second
`;

test("throughput and percentiles", () => {
  expect(parseReport(report)).toEqual({ requestsPerSecond: 101010.1, p50Ms: 0.247, p99Ms: 0.623, p999Ms: 2.935 });
});

test("a report without a summary is an error that shows it", () => {
  expect(() => parseReport("Could not connect")).toThrow("Could not connect");
});
