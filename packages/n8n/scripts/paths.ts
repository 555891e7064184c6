import { join } from 'node:path';
import { installFolder } from '../../../scripts/support/install-once.ts';
import { repositoryRoot } from '../../../scripts/support/run-command.ts';
import { n8nInstalls } from './n8n-installs.ts';

const cache = join(repositoryRoot, '.cache');

/** Where the tests with n8n keep what they download and build. All of it may be deleted at any time. */
export const paths = {
  root: repositoryRoot,
  /** The tarball of it. */
  tarballs: join(cache, 'n8n-package'),
  /** The tarball's files as they are. */
  packed: join(cache, 'n8n-package/packed'),
  /** The tarball's files as n8n installs a community node. */
  installed: join(cache, 'n8n-package/installed'),
  /** n8n's engine and its scanner of community nodes. */
  core: installFolder(n8nInstalls.core),
  /** The whole of n8n. */
  full: installFolder(n8nInstalls.full),
} as const;
