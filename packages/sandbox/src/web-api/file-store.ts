import type { BlobStore } from '../store/blob-store.ts';
import type { FileStore, PendingUpload } from './types.ts';

const kind = 'file';

/** Stores the bytes of files by id in the organization's database. Pending uploads are only in memory. */
export function createFileStore(blobs: BlobStore, newId: () => string): FileStore {
  const uploads = new Map<string, PendingUpload>();
  return {
    startUpload(upload) {
      const token = newId().replaceAll('-', '');
      uploads.set(token, upload);
      return token;
    },
    findUpload: (token) => uploads.get(token),
    finishUpload: (token) => void uploads.delete(token),
    put: (id, { bytes, ...details }) => blobs.put(kind, id, { text: JSON.stringify(details), bytes }),
    get(id) {
      const stored = blobs.get(kind, id);
      return stored && { ...JSON.parse(stored.text), bytes: stored.bytes ?? new Uint8Array() };
    },
    remove: (id) => blobs.remove(kind, id),
  };
}
