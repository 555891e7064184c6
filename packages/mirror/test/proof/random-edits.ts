import type { SandboxOrganization } from 'dynamics365-connector-sandbox';
import { proofTable } from './proof-table.ts';

/** How edits are made. */
export interface EditOptions {
  readonly random: () => number;
  readonly now: () => number;
  readonly userId: string;
  /** The longest time that a transaction stays open. */
  readonly maxOpenMs: number;
}

/** Random edits of rows: creations, changes and deletions, some of which commit late. */
export class RandomEdits {
  readonly #organization: SandboxOrganization;
  readonly #options: EditOptions;
  /** Rows that no open transaction has locked. */
  #free: string[] = [];
  /** Rows of open transactions, and when they end. */
  #open: { readonly id: string; readonly endMs: number; readonly exists: boolean }[] = [];
  /** The name of a custom column while there is one. */
  customColumn: string | undefined;
  count = 0;

  constructor(organization: SandboxOrganization, options: EditOptions) {
    this.#organization = organization;
    this.#options = options;
  }

  insert(rows: number): void {
    const { store } = this.#organization;
    store.transaction(() => {
      for (let index = 0; index < rows; index++) this.#free.push(this.#create());
    });
  }

  /** Forgets what it knows of the rows: they are those of a snapshot again. */
  restart(ids: readonly string[]): void {
    this.#free = [...ids];
    this.#open = [];
  }

  run(count: number): void {
    for (let index = 0; index < count; index++) this.#edit();
  }

  #edit(): void {
    const { random, now, maxOpenMs } = this.#options;
    const { store } = this.#organization;
    this.#closeTransactions();
    this.count += 1;
    const isLate = random() < 0.15;
    const endMs = now() + Math.floor(random() * maxOpenMs);
    const choice = random();
    const run = <T>(work: () => T): T => (isLate ? store.commitLater(endMs, work) : work());
    if (choice < 0.25 || this.#free.length === 0) {
      const id = run(() => this.#create());
      this.#release({ id, endMs, exists: true }, isLate);
      return;
    }
    const at = Math.floor(random() * this.#free.length);
    const [id = ''] = this.#free.splice(at, 1);
    if (choice < 0.45) {
      run(() => store.delete(proofTable.logicalName, id));
      if (isLate) this.#open.push({ id, endMs, exists: false });
      return;
    }
    run(() => this.#update(id));
    this.#release({ id, endMs, exists: true }, isLate);
  }

  #release(
    row: { readonly id: string; readonly endMs: number; readonly exists: boolean },
    isLate: boolean,
  ): void {
    if (isLate) this.#open.push(row);
    else this.#free.push(row.id);
  }

  #closeTransactions(): void {
    const nowMs = this.#options.now();
    // The sandbox makes writes visible when it is used next.
    const ended = this.#open.filter(({ endMs }) => endMs < nowMs - 1000);
    if (ended.length === 0) return;
    this.#open = this.#open.filter(({ endMs }) => endMs >= nowMs - 1000);
    this.#free.push(...ended.filter(({ exists }) => exists).map(({ id }) => id));
  }

  #create(): string {
    const { store } = this.#organization;
    return store.insert(proofTable.logicalName, this.#values(), { userId: this.#options.userId }).id;
  }

  #update(id: string): void {
    const { store } = this.#organization;
    store.update({
      table: proofTable.logicalName,
      id,
      values: this.#values(),
      actor: { userId: this.#options.userId },
    });
  }

  #values() {
    const { random } = this.#options;
    const number = Math.floor(random() * 1e6);
    return {
      new_name: `N ${number} "ü" \\ '`,
      new_amount: `${number}.2500`,
      new_count: number,
      new_open: number % 2 === 0,
      new_text: number % 3 === 0 ? null : `text ${number}\nof two lines`,
      ...(this.customColumn && { [this.customColumn]: `t${number}` }),
    };
  }
}
