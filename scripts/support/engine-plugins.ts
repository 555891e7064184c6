import { groupLazyModules, loadTogether, runOnFirstCall } from './bundle-plugins.ts';
import { repositoryRoot } from './run-command.ts';

/** What every program loads that runs actions, on Node.js or not. */
const core = 'src/client/connector.ts';

/** How the engine is bundled, whatever package the bundle is for. */
export const enginePlugins = [
  // Most inputs are valid, and the quick check tells so: ajv finds what is wrong with the others.
  runOnFirstCall('ajv'),
  groupLazyModules(repositoryRoot, groupOf, (group) => (group === 'node' ? 'src/index.ts' : core)),
  loadTogether(repositoryRoot, {
    'src/odata/index.ts': 'src/base.ts',
    'src/host.ts': core,
    'src/authoring/index.ts': core,
    'src/node/index.ts': 'src/index.ts',
  }),
];

/**
 * What the engine loads later, by what happens: YAML is compiled, an error is explained, a user or an app signs in, undici
 * sends, Node.js is used, a list is streamed, a write is remembered, or something else is called.
 */
function groupOf(module: string): string {
  if (module.startsWith('src/manifest/')) return 'compiler';
  if (/\/(explain-|to-\w+-error|entra-error|error-diagnostics|suggest-)/.test(module)) return 'explanations';
  if (module === 'src/node/network/undici.ts') return 'undici';
  if (module.startsWith('src/node/')) return 'node';
  if (module === 'src/run/stream-list.ts') return 'lists';
  if (module === 'src/run/own-writes/stored-writes.ts') return 'own-writes';
  return module.startsWith('src/auth/') ? 'sign-in' : 'features';
}
