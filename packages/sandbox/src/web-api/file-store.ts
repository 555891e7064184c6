import type { BlobStore } from '../store/blob-store.ts';
import type { FileStore, PendingUpload } from './types.ts';

const kind = 'file';

/** Keeps the bytes of files with the organization, by id; uploads only until they are finished. */
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
    put: (id, { bytes, ...about }) => blobs.put(kind, id, { text: JSON.stringify(about), bytes }),
    get(id) {
      const stored = blobs.get(kind, id);
      return stored && { ...JSON.parse(stored.text), bytes: stored.bytes ?? new Uint8Array() };
    },
    remove: (id) => blobs.remove(kind, id),
  };
}
