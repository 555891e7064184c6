import { transformSync } from 'esbuild';

/** Host globals that n8n's package scanner rejects. The engine's core does not use them. */
const hostGlobals = [
  'process',
  'globalThis',
  'global',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'setImmediate',
  '__dirname',
  '__filename',
  'eval',
  'Function',
];

/** Returns the host globals that the code uses. Properties, local variables and texts of the same name do not count. */
export function findHostGlobals(code: string): readonly string[] {
  const toMarker = (name: string) => `_host_global_${name}_`;
  // esbuild replaces only names that are not declared in a scope.
  const define = Object.fromEntries(hostGlobals.map((name) => [name, toMarker(name)]));
  const { code: transformed } = transformSync(code, { define, logLevel: 'silent' });
  return hostGlobals.filter((name) => transformed.includes(toMarker(name)));
}
