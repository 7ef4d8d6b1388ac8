/** Money that goes from account to account in transactions: the sum stays zero, and every single account is known. */
import type { RawConnection } from "../support/connection.ts";
import { ask, type Expectation, randomOfStep, type Writer } from "./writer.ts";

const accounts = 40;
const accountNames: readonly string[] = Array.from({ length: accounts }, (_, at) => `account:${at}`);

interface Transfer {
  from: number;
  to: number;
  amount: number;
}

/** What the accounts hold after the transfers that writers have settled. */
export class Bank {
  readonly #balances = new Array<number>(accounts).fill(0);
  readonly #writers = new Map<TransferWriter, number>();

  join(writer: TransferWriter): void {
    this.#writers.set(writer, 0);
  }

  /** Books a writer's transfers up to a step. */
  settle(writer: TransferWriter, steps: number): void {
    for (let index = (this.#writers.get(writer) ?? 0) + 1; index <= steps; index++) {
      const { from, to, amount } = writer.transfer(index);
      this.#add(from, -amount);
      this.#add(to, amount);
    }
    this.#writers.set(writer, steps);
  }

  /** The balances can be asked for once all writers have settled: by the last of them. */
  expectedOf(writer: TransferWriter): Expectation[] {
    if ([...this.#writers.keys()].at(-1) !== writer) return [];
    const touched = this.#balances.flatMap((balance, at) => (balance === 0 ? [] : [at]));
    if (touched.length === 0) return [];
    const query = ["MGET", ...touched.map((at) => accountNames[at] ?? "")];
    return [{ query, answer: touched.map((at) => String(this.#balances[at])).join(" ") }];
  }

  #add(account: number, amount: number): void {
    this.#balances[account] = (this.#balances[account] ?? 0) + amount;
  }
}

export class TransferWriter implements Writer {
  readonly name: string;
  readonly #seed: number;
  readonly #bank: Bank;

  constructor(name: string, seed: number, bank: Bank) {
    this.name = name;
    this.#seed = seed;
    this.#bank = bank;
    bank.join(this);
  }

  step(index: number): string[][] {
    const { from, to, amount } = this.transfer(index);
    return [
      ["DECRBY", accountNames[from] ?? "", String(amount)],
      ["INCRBY", accountNames[to] ?? "", String(amount)],
      ["INCR", this.name],
    ];
  }

  async held(connection: RawConnection): Promise<number> {
    return Number((await ask(connection, "GET", this.name)).text) || 0;
  }

  expected(steps: number): Expectation[] {
    this.#bank.settle(this, steps);
    return this.#bank.expectedOf(this);
  }

  /** The transfer of a step. */
  transfer(index: number): Transfer {
    const random = randomOfStep(this.#seed, index);
    const account = (): number => random.integer(0, accounts - 1);
    return { from: account(), to: account(), amount: random.integer(1, 1000) };
  }
}
