import type { ExternalInstall } from '../../../scripts/support/install-once.ts';

/**
 * n8n has the Sustainable Use License, which is not an open-source license. It is not a dependency; these tests install
 * it into `.cache`.
 */
export const n8nInstalls = {
  /** n8n's engine and its scanner for community nodes. */
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
