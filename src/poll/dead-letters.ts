import { deterministicId } from '../run/deterministic-id.ts';
import type { PollContext } from './poll-context.ts';
import type { WireRow } from './row-reader-port.ts';

/** Maximum number of rows stored per poll; further rows are only counted. */
const maxKept = 100;
const maxCharacters = 20_000;

/** Rows with an invalid key. They are stored and counted, and the poll continues. */
export class DeadLetters {
  readonly #context: PollContext;
  readonly #activationId: string;
  #count = 0;

  constructor(context: PollContext, instance: string) {
    this.#context = context;
    this.#activationId = instance;
  }

  /** Stores a row once, even if several polls read it: `poll/<activation>/dead-letters/<fingerprint>`. */
  async add(row: WireRow): Promise<void> {
    if (this.#count >= maxKept) return void this.#count++;
    const text = JSON.stringify(row);
    const key = `poll/${this.#activationId}/dead-letters/${deterministicId(text)}`;
    if (await this.#context.services.store.replace(key, text.slice(0, maxCharacters), undefined))
      this.#count++;
  }

  /** Logs the number of new dead letters, if any. */
  report(): void {
    if (this.#count === 0) return;
    const fields = { trigger: this.#context.trigger.id, table: this.#context.table.name, count: this.#count };
    this.#context.services.log({ level: 'warn', event: 'poll.dead-letters', fields });
  }
}
