import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { takeNodeModules } from '../../../scripts/support/bundle-plugins.ts';
import { enginePlugins } from '../../../scripts/support/engine-plugins.ts';
import { findOwnBuild } from '../../../test/support/own-build.ts';

/** Below the package: a bundle imports the packages that are installed there. */
const cacheFolder = join(import.meta.dirname, '../.cache/d365');
const maxUnusedMs = 86_400_000;

let bundle: Promise<string> | undefined;

/**
 * Bundles the sources of `d365`, once for each process, and returns the path of the file to start. From sources, each
 * start takes 0.7 s, because Node.js strips the types of hundreds of files and compiles the manifest.
 */
export function bundleCli(): Promise<string> {
  bundle ??= buildBundle();
  return bundle;
}

async function buildBundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../src/main.ts')],
    outdir: cacheFolder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    conditions: ['development'],
    logLevel: 'warning',
    // What `loadTogether` adds.
    logOverride: { 'ignored-bare-import': 'silent' },
    write: false,
    plugins: [takeNodeModules, ...enginePlugins, keepPackagesExternal, keepSourceUrls],
  });
  // The engine looks for its compiled manifest one folder up, as in an installed package.
  const files = new Map<string, string | Uint8Array>();
  for (const name of ['definition.json', 'definition.index.json']) {
    files.set(name, await readFile(join(findOwnBuild(), name)));
  }
  for (const { path, contents } of outputFiles) files.set(`bin/${basename(path)}`, contents);
  return join(await writeOnce(files), 'bin/main.js');
}

/** Writes the files to a folder named after their content. Processes may do this at the same time. */
async function writeOnce(files: ReadonlyMap<string, string | Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, content] of files) hash.update(name).update(content);
  const folder = join(cacheFolder, hash.digest('hex').slice(0, 16));
  await mkdir(cacheFolder, { recursive: true });
  const copy = await mkdtemp(join(cacheFolder, 'new-'));
  await mkdir(join(copy, 'bin'));
  await Promise.all([...files].map(([name, content]) => writeFile(join(copy, name), content)));
  // A rename fails when the folder is there: another process, or an earlier run, wrote the same content.
  await rename(copy, folder).catch(() => rm(copy, { recursive: true }));
  const now = new Date();
  await utimes(folder, now, now);
  await removeUnusedFolders();
  return folder;
}

async function removeUnusedFolders(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const folder = join(cacheFolder, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > maxUnusedMs) await rm(folder, { recursive: true, force: true });
  }
}

/** Bundles our own packages only; the others are imported as installed. */
export const keepPackagesExternal: Plugin = {
  name: 'keep-packages-external',
  setup({ onResolve }) {
    onResolve({ filter: /^[a-z@]/ }, ({ path }) =>
      path.startsWith('dynamics365-connector') ? undefined : { path, external: true },
    );
  },
};

/** Sources read files beside them, such as package.json: their URL stays that of the source. */
export const keepSourceUrls: Plugin = {
  name: 'keep-source-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.url')) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      const contents = path.endsWith('own-build.ts') ? source : source.replaceAll('import.meta.url', url);
      return { contents, loader: 'ts', resolveDir: dirname(path) };
    });
  },
};
