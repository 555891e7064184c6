import type { Model } from '../model/types.ts';
import type { BlobStore } from '../store/blob-store.ts';

/** Counts the events that expire delta tokens: metadata changes and explicit expiry. */
export interface DeltaEpochs {
  current(): number;
  advance(): void;
}

const storageKey = ['setting', 'delta-epoch'] as const;

/** Continues the count that the organization's database holds. */
export function createDeltaEpochs(blobs: BlobStore, metadataVersion: () => string): DeltaEpochs {
  const read = () => {
    const [epoch = '0', version = metadataVersion()] = blobs.get(...storageKey)?.text.split(' ') ?? [];
    return { epoch: Number(epoch), version };
  };
  const write = (epoch: number) => blobs.put(...storageKey, { text: `${epoch} ${metadataVersion()}` });
  if (!blobs.get(...storageKey)) write(0);
  return {
    current() {
      const { epoch, version } = read();
      if (version === metadataVersion()) return epoch;
      write(epoch + 1);
      return epoch + 1;
    },
    advance: () => write(read().epoch + 1),
  };
}

/** A number that changes with each change of a table, column, key, relationship or choice. */
export function computeMetadataVersion({ revision }: Model): string {
  return String(1_000_000 + revision);
}
