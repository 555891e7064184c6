import { deterministicId } from '../run/deterministic-id.ts';
import type { PollContext } from './poll-context.ts';
import type { WireRow } from './row-reader-port.ts';

/** Letters kept of one poll; more than that is a broken table, and the count says so. */
const maxKept = 100;
const maxCharacters = 20_000;

/** Rows whose key cannot be read: they are set aside and counted, and block nobody. */
export class DeadLetters {
  readonly #context: PollContext;
  readonly #activationId: string;
  #count = 0;

  constructor(context: PollContext, instance: string) {
    this.#context = context;
    this.#activationId = instance;
  }

  /** Keeps the row once, however often the window shows it: `poll/<instance>/dead-letters/<fingerprint>`. */
  async add(row: WireRow): Promise<void> {
    if (this.#count >= maxKept) return void this.#count++;
    const text = JSON.stringify(row);
    const key = `poll/${this.#activationId}/dead-letters/${deterministicId(text)}`;
    if (await this.#context.services.store.replace(key, text.slice(0, maxCharacters), undefined))
      this.#count++;
  }

  /** Says how many were new, if any. */
  report(): void {
    if (this.#count === 0) return;
    const fields = { trigger: this.#context.trigger.id, table: this.#context.table.name, count: this.#count };
    this.#context.services.log({ level: 'warn', event: 'poll.dead-letters', fields });
  }
}
