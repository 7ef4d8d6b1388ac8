export * from "./memory/index.ts";
export * from "./hash-table/index.ts";
