import { deterministicId } from '../run/deterministic-id.ts';
import type { Feed } from './feed.ts';
import type { WireRow } from './row-reader-port.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** Maximum number of rows stored per read; further rows are only counted. */
const maxKept = 100;
const maxCharacters = 20_000;

/** Rows with an invalid key. They are stored and counted, and the read continues. */
export class DeadLetters {
  readonly #feed: Feed;
  readonly #buffer: WriteBuffer;
  #count = 0;

  constructor(feed: Feed, buffer: WriteBuffer) {
    this.#feed = feed;
    this.#buffer = buffer;
  }

  /** Stores a row once, even if several reads find it: `feed/<id>/dead-letters/<fingerprint>`. */
  async add(row: WireRow): Promise<void> {
    if (this.#count >= maxKept) return void this.#count++;
    const text = JSON.stringify(row);
    const key = `${this.#feed.key}dead-letters/${deterministicId(text)}`;
    if ((await this.#buffer.get(key)) !== undefined) return;
    this.#buffer.set(key, text.slice(0, maxCharacters));
    this.#count++;
  }

  /** Logs the number of new dead letters, if any. */
  report(): void {
    if (this.#count === 0) return;
    const fields = { table: this.#feed.table.name, count: this.#count };
    this.#feed.services.log({ level: 'warn', event: 'feed.dead-letters', fields });
  }
}
