import type { FileStore, StoredFile, Upload } from './types.ts';

/** Keeps the bytes of files in memory, by id, and uploads until they are finished. */
export function createFileStore(newId: () => string): FileStore {
  const files = new Map<string, StoredFile>();
  const uploads = new Map<string, Upload>();
  return {
    begin(upload) {
      const token = newId().replaceAll('-', '');
      uploads.set(token, upload);
      return token;
    },
    upload: (token) => uploads.get(token),
    finish: (token) => void uploads.delete(token),
    put: (id, file) => void files.set(id, file),
    get: (id) => files.get(id),
  };
}
