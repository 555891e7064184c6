import { join } from 'node:path';
import { folderOf } from '../../../scripts/aside/install-once.ts';
import { root } from '../../../scripts/aside/run.ts';
import { hosts } from './hosts.ts';

const cache = join(root, '.cache');

/** Where the tests with n8n keep what they download and build. All of it may be deleted at any time. */
export const places = {
  root,
  /** What `npm run build:n8n` makes. */
  built: join(root, 'packages/n8n/dist'),
  /** The tarball of it. */
  tarballs: join(cache, 'n8n-package'),
  /** The tarball's files as they are. */
  packed: join(cache, 'n8n-package/packed'),
  /** The tarball's files as n8n installs a community node. */
  installed: join(cache, 'n8n-package/installed'),
  /** n8n's engine and its scanner of community nodes. */
  core: folderOf(hosts.core),
  /** The whole of n8n. */
  full: folderOf(hosts.full),
} as const;
