import { join } from 'node:path';
import { installFolder } from '../../../scripts/support/install-once.ts';
import { repositoryRoot } from '../../../scripts/support/run-command.ts';
import { n8nInstalls } from './n8n-installs.ts';

const cache = join(repositoryRoot, '.cache');

/** The folders of the tests in n8n. All of them may be deleted at any time. */
export const paths = {
  root: repositoryRoot,
  /** The packed tarball of the package. */
  tarballs: join(cache, 'n8n-package'),
  /** The unpacked tarball. */
  packed: join(cache, 'n8n-package/packed'),
  /** The unpacked tarball, as n8n installs a community node. */
  installed: join(cache, 'n8n-package/installed'),
  /** n8n's engine and its scanner for community nodes. */
  core: installFolder(n8nInstalls.core),
  /** The complete n8n. */
  full: installFolder(n8nInstalls.full),
} as const;
