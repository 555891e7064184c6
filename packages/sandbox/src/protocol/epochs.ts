import type { Model } from '../model/types.ts';
import type { Shelf } from '../store/shelf.ts';

/** Counts what makes delta tokens expire: changes of metadata, and an administrator's word. */
export interface Epochs {
  current(): number;
  next(): void;
}

const place = ['setting', 'delta-epoch'] as const;

/** The count goes on where the organisation's database left it. */
export function countEpochs(shelf: Shelf, metadataVersion: () => string): Epochs {
  const read = () => {
    const [epoch = '0', version = metadataVersion()] = shelf.get(...place)?.text.split(' ') ?? [];
    return { epoch: Number(epoch), version };
  };
  const write = (epoch: number) => shelf.put(...place, { text: `${epoch} ${metadataVersion()}` });
  if (!shelf.get(...place)) write(0);
  return {
    current() {
      const { epoch, version } = read();
      if (version === metadataVersion()) return epoch;
      write(epoch + 1);
      return epoch + 1;
    },
    next: () => write(read().epoch + 1),
  };
}

/** Digits that change whenever a table, a column or a key does. */
export function metadataVersionOf({ tables }: Model): string {
  const parts = [...tables.values()].map(({ attributes, keys }) => attributes.length + keys.length);
  return String(1_000_000 + parts.reduce((sum, count) => sum + count, 0));
}
