import { groupLazyModules, runOnFirstCall } from './bundle-plugins.ts';
import { repositoryRoot } from './run-command.ts';

/** How the engine is bundled, whatever package the bundle is for. */
export const enginePlugins = [
  // Most inputs are valid, and the quick check tells so: ajv finds what is wrong with the others.
  runOnFirstCall('ajv'),
  groupLazyModules(repositoryRoot, groupOf),
];

/**
 * What the engine loads later, by what happens: YAML is compiled, an error is explained, a user or an app signs in, or something
 * else is called.
 */
function groupOf(module: string): string {
  if (module.startsWith('src/manifest/')) return 'compiler';
  if (/\/(explain-|to-\w+-error|entra-error|error-diagnostics|suggest-)/.test(module)) return 'explanations';
  return module.startsWith('src/auth/') ? 'sign-in' : 'features';
}
