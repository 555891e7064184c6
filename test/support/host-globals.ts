import { transformSync } from 'esbuild';

/** What stands for the world in code: n8n's scanner refuses these in packages, and our core is free of them. */
const worldly = [
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

/** Those of them that JavaScript reaches for. A property, a variable of its own or a text of that name is none. */
export function findHostGlobals(code: string): readonly string[] {
  const marked = (name: string) => `_worldly_${name}_`;
  // The bundler knows scopes: it replaces free names only.
  const define = Object.fromEntries(worldly.map((name) => [name, marked(name)]));
  const { code: seen } = transformSync(code, { define, logLevel: 'silent' });
  return worldly.filter((name) => seen.includes(marked(name)));
}
