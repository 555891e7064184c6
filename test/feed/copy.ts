import type { PollItem } from '../../src/model/plan.ts';

/** A consumer's copy of a table: it applies items in any order, and keeps the newest of each row. */
export class Copy {
  readonly #items = new Map<string, PollItem>();
  readonly #isOlder: (item: PollItem, than: PollItem) => boolean;

  /** `compares`: items of one feed by epoch and sequence, those of several feeds by the version of the row. */
  constructor(compares: 'sequence' | 'version') {
    this.#isOlder = compares === 'sequence' ? isOlderInFeed : isOlderVersion;
  }

  apply(items: readonly PollItem[]): void {
    for (const item of items) {
      const id = String(item.row.id);
      const known = this.#items.get(id);
      if (known === undefined || !this.#isOlder(item, known)) this.#items.set(id, item);
    }
  }

  /** The newest item of a row. */
  item(id: string): PollItem | undefined {
    return this.#items.get(id);
  }

  /** The version of each row that the copy has. */
  versions(): ReadonlyMap<string, string | undefined> {
    const rows = [...this.#items].filter(([, { change }]) => change !== 'deleted' && change !== 'left');
    return new Map(rows.map(([id, { version }]) => [id, version]));
  }
}

function isOlderInFeed(item: PollItem, than: PollItem): boolean {
  return item.epoch < than.epoch || (item.epoch === than.epoch && item.sequence < than.sequence);
}

function isOlderVersion(item: PollItem, than: PollItem): boolean {
  if (item.epoch !== than.epoch) return item.epoch < than.epoch;
  if (item.version === undefined || than.version === undefined) return false;
  return BigInt(item.version) < BigInt(than.version);
}
