import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { keepPackagesExternal, keepSourceUrls } from '../../../cli/test/bundle-cli.ts';
import type { ProcessScripts } from './processes.ts';

/** Below the package: a bundle imports the packages that are installed there. */
const cacheFolder = join(import.meta.dirname, '../../.cache');
const names = ['organization', 'stub-organization', 'push-organization', 'worker-process'];

/**
 * Bundles the scripts of the processes of a soak test. From sources, each start takes a second, because Node.js strips the
 * types of hundreds of files. The bundles are deleted when the process ends.
 */
export async function bundleScripts(): Promise<ProcessScripts> {
  mkdirSync(cacheFolder, { recursive: true });
  const outdir = mkdtempSync(join(cacheFolder, 'soak-'));
  process.once('exit', () => rmSync(outdir, { recursive: true }));
  await build({
    entryPoints: names.map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['development'],
    logLevel: 'warning',
    plugins: [keepPackagesExternal, keepSourceUrls],
  });
  return (name) => join(outdir, `${name}.mjs`);
}
