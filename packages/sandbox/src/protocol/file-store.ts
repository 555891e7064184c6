import type { Shelf } from '../store/shelf.ts';
import type { FileStore, Upload } from './types.ts';

const kind = 'file';

/** Keeps the bytes of files with the organisation, by id; uploads only until they are finished. */
export function createFileStore(shelf: Shelf, newId: () => string): FileStore {
  const uploads = new Map<string, Upload>();
  return {
    begin(upload) {
      const token = newId().replaceAll('-', '');
      uploads.set(token, upload);
      return token;
    },
    upload: (token) => uploads.get(token),
    finish: (token) => void uploads.delete(token),
    put: (id, { bytes, ...about }) => shelf.put(kind, id, { text: JSON.stringify(about), bytes }),
    get(id) {
      const kept = shelf.get(kind, id);
      return kept && { ...JSON.parse(kept.text), bytes: kept.bytes ?? new Uint8Array() };
    },
    remove: (id) => shelf.remove(kind, id),
  };
}
