import { fileURLToPath } from 'node:url';

/** The folder of this package's build: `dist`; in a clone, where nothing is built, `src`. Both have `node` in them. */
export function findOwnBuild(): string {
  return fileURLToPath(new URL('../', import.meta.url));
}
