/**
 * Data of Redis modules in a dump: parts that say of what kind they are, so that who does not know the module can go past them.
 *
 *     [kind 1 or 2, number] [kind 3, float] [kind 4, double] [kind 5, string] ... [kind 0]
 */
import type { ValueParts } from "./rdb-handler.ts";
import { type RdbInput, RdbString } from "./rdb-input.ts";

const MODULE_EOF = 0;
const MODULE_SIGNED = 1;
export const MODULE_UNSIGNED = 2;
const MODULE_FLOAT = 3;
const MODULE_DOUBLE = 4;
const MODULE_STRING = 5;

/** Goes past the data of a module. */
export class ModuleData implements ValueParts {
  isComplete = false;
  readonly #text = new RdbString();

  step(input: RdbInput): boolean {
    const from = input.offset;
    if (!input.readLength()) return false;
    switch (input.length) {
      case MODULE_EOF:
        this.isComplete = true;
        return true;
      case MODULE_SIGNED:
      case MODULE_UNSIGNED:
        return input.readLength();
      case MODULE_FLOAT:
        return input.readInt32();
      case MODULE_DOUBLE:
        return input.readInt64();
      case MODULE_STRING:
        return input.readString(this.#text);
      default:
        return input.fail("corrupt", `module data of an unknown kind ${String(input.length)}`, from);
    }
  }

  abandon(): void {
    // There is nothing to free.
  }
}

const MODULE_NAME_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The name in a module id: nine characters of six bits, then ten bits of version. */
export function moduleName(high: number, low: number): string {
  let rest = ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) >> 10n;
  let name = "";
  for (; name.length < 9; rest >>= 6n) name = MODULE_NAME_ALPHABET.charAt(Number(rest & 63n)) + name;
  return name;
}
