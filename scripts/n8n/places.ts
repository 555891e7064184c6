import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const cache = join(root, '.cache');

/** Where the tests with n8n keep what they download and build. All of it may be deleted at any time. */
export const places = {
  root,
  /** What `npm run build:n8n` makes. */
  built: join(root, 'dist-n8n'),
  /** The tarball of it. */
  tarballs: join(cache, 'n8n-package'),
  /** The tarball's files as they are. */
  packed: join(cache, 'n8n-package/packed'),
  /** The tarball's files as n8n installs a community node. */
  installed: join(cache, 'n8n-package/installed'),
  /** n8n's engine and its scanner of community nodes. */
  core: join(cache, 'n8n-core'),
  /** The whole of n8n. */
  full: join(cache, 'n8n-full'),
} as const;
