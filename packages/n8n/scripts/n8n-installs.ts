import type { ExternalInstall } from '../../../scripts/support/install-once.ts';

/**
 * n8n is under the Sustainable Use License, which is no open-source license: it never becomes a dependency of ours,
 * and is installed for these tests alone.
 */
export const n8nInstalls = {
  /** Its engine, and its scanner of community nodes. */
  core: {
    name: 'n8n-core',
    packages: ['n8n-core@2.41.1', 'n8n-workflow@2.41.0', '@n8n/scan-community-package@0.32.0'],
    expectedCost: 'a minute, 410 MB',
  },
  full: {
    name: 'n8n-full',
    packages: ['n8n@2.41.1'],
    rebuild: ['sqlite3'],
    expectedCost: 'four minutes, 2.9 GB',
  },
} as const satisfies Record<string, ExternalInstall>;
