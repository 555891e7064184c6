import { namedId } from '../run/ids.ts';
import type { PollContext } from './poll-context.ts';
import type { Row } from './ports.ts';

/** Letters kept of one poll; more than that is a broken table, and the count says so. */
const MOST_KEPT = 100;
const MOST_CHARACTERS = 20_000;

/** Rows whose key cannot be read: they are set aside and counted, and block nobody. */
export class DeadLetters {
  readonly #context: PollContext;
  readonly #instance: string;
  #count = 0;

  constructor(context: PollContext, instance: string) {
    this.#context = context;
    this.#instance = instance;
  }

  /** Keeps the row once, however often the window shows it: `poll/<instance>/dead-letters/<fingerprint>`. */
  async add(row: Row): Promise<void> {
    if (this.#count >= MOST_KEPT) return void this.#count++;
    const text = JSON.stringify(row);
    const key = `poll/${this.#instance}/dead-letters/${namedId(text)}`;
    if (await this.#context.world.store.replace(key, text.slice(0, MOST_CHARACTERS), undefined))
      this.#count++;
  }

  /** Says how many were new, if any. */
  report(): void {
    if (this.#count === 0) return;
    const fields = { trigger: this.#context.trigger.id, table: this.#context.table.name, count: this.#count };
    this.#context.world.log({ level: 'warn', event: 'poll.dead-letters', fields });
  }
}
