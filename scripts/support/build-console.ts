import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { collectThirdPartyNotices } from '../../packages/n8n/scripts/third-party-notices.ts';
import { repositoryRoot } from './run-command.ts';

const sources = join(repositoryRoot, 'packages/service/console');

/**
 * Bundles the pages of the console for browsers: the files of `dist/console` by name, `index.html` among them. What only
 * one page needs, such as the editor, is in files of its own, which are loaded with that page.
 */
export async function buildConsole(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [join(sources, 'main.tsx')],
    outdir: join(sources, 'out'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  files.set('index.html', new TextEncoder().encode(renderPage(metafile)));
  files.set('THIRD-PARTY-NOTICES.txt', new TextEncoder().encode(noticesOf(metafile)));
  return files;
}

/** Writes the console into the `dist` of the service, with the licenses of the libraries in it. */
export async function writeConsole(folder: string): Promise<void> {
  const target = join(folder, 'dist/console');
  mkdirSync(target, { recursive: true });
  for (const [name, bytes] of await buildConsole()) writeFileSync(join(target, name), bytes);
}

function noticesOf({ inputs }: Metafile): string {
  const libraries = Object.keys(inputs).filter((source) => source.includes('node_modules/'));
  return collectThirdPartyNotices(repositoryRoot, libraries);
}

/** The page that loads the program. The browser starts to load shared files before it has read the first one. */
function renderPage({ outputs }: Metafile): string {
  const names = Object.keys(outputs);
  const main = names.find((name) => /\/main-\w+\.js$/.test(name)) ?? '';
  const style = names.find((name) => /\/main-\w+\.css$/.test(name)) ?? '';
  const shared = (outputs[main]?.imports ?? []).filter(({ kind }) => kind === 'import-statement');
  const address = (name: string) => `/console/assets/${basename(name)}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<title>d365 console</title>',
    '<link rel="icon" href="data:,">',
    `<link rel="stylesheet" href="${address(style)}">`,
    ...shared.map(({ path }) => `<link rel="modulepreload" href="${address(path)}">`),
    `<script type="module" src="${address(main)}"></script>`,
    '</head>',
    '<body><div id="app"></div></body>',
    '</html>',
    '',
  ].join('\n');
}
