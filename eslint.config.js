// Lint rules. typescript-eslint's strict, type-checked set, less what gets in the way of code that works on typed arrays, plus the
// bans that keep the layers apart. A ban always says what to write instead.

import { builtinModules } from "node:module";
import tseslint from "typescript-eslint";
import { pureFolders } from "./scripts/layers.mjs";

const noBuiltins =
  "This layer runs in a browser too: it takes files, sockets, the clock and randomness from its caller. Code that needs Node belongs in persistence, server transports, cli or apps.";
const takeTheClock =
  "The clock is injected: take the time in milliseconds from the caller, so that a test can move it.";
const takeTheSeed =
  "Randomness is injected: take a seed or a random source from the caller, so that a run can be replayed.";

const tests = [
  "**/*.test.ts",
  "**/*.fuzz.ts",
  "**/*.bench.ts",
  "**/testing/**",
  "**/comparison/**",
  "tests/**",
  "**/*.test.mjs",
];

export default tseslint.config(
  { ignores: ["**/dist/", "**/coverage/", "**/.turbo/", "data/"] },
  {
    files: ["**/*.{ts,js,mjs,cjs}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-debugger": "error",
      "no-fallthrough": "error",
      "no-self-compare": "error",
      "no-unreachable": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/restrict-plus-operands": ["error", { allowNumberAndString: true }],
      // `return reply.error(...)` is how a handler ends early.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // An index out of range is undefined although its type says otherwise, and state that a call changes is not narrowed.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // A brand is a type parameter that occurs once, and that is its purpose.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // An async method of an interface need not wait for anything.
      "@typescript-eslint/require-await": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "TSEnumDeclaration",
          message: "Use a `const` object with `as const`: enums do not survive type stripping.",
        },
        {
          selector: "TSParameterProperty",
          message:
            "Declare the field and assign it in the constructor: parameter properties do not survive type stripping.",
        },
        { selector: "TSModuleDeclaration[kind='namespace']", message: "Use a module: a file is a namespace." },
        { selector: "ExportDefaultDeclaration", message: "Export by name, so that a name is the same everywhere." },
      ],
    },
  },
  {
    files: pureFolders.map((folder) => `${folder}/src/**/*.ts`),
    ignores: tests,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: builtinModules.map((name) => ({ name, message: noBuiltins })),
          patterns: [{ group: ["node:*"], message: noBuiltins }],
        },
      ],
      "no-restricted-globals": [
        "error",
        {
          name: "Buffer",
          message:
            "Use a plain Uint8Array with offsets: one hot function sees one kind of view, and browsers have no Buffer.",
        },
        { name: "process", message: noBuiltins },
        { name: "require", message: noBuiltins },
        { name: "setImmediate", message: noBuiltins },
        { name: "setTimeout", message: takeTheClock },
        { name: "setInterval", message: takeTheClock },
        { name: "console", message: "Return the fact to the caller: only the program knows where its log goes." },
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: takeTheClock },
        { object: "performance", property: "now", message: takeTheClock },
        { object: "Math", property: "random", message: takeTheSeed },
      ],
    },
  },
  {
    files: tests,
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    // Configuration files, launchers and bench tables have no tsconfig of their own, and some tools ask for a default export.
    files: [
      "*.{js,mjs,cjs,ts}",
      "**/vitest.config.ts",
      "**/rolldown.config.js",
      "**/bin/*.js",
      "packages/*/bench/*.mjs",
    ],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["scripts/count-reporter.mjs"],
    rules: { "no-restricted-syntax": "off" },
  },
);
