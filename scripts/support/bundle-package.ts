import { chmodSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { collectThirdPartyNotices } from '../../packages/n8n/scripts/third-party-notices.ts';
import { leaveOutHttp2, minifyLibraries, takeNodeModules } from './bundle-plugins.ts';
import { enginePlugins } from './engine-plugins.ts';
import { repositoryRoot, runCommand } from './run-command.ts';
import type { PackageManifest } from './workspace-packages.ts';

/** The source of an entry point, and its files in the package; all are relative to the folder of the package. */
interface EntryPoint {
  readonly source: string;
  readonly output: string;
  readonly types?: string | undefined;
}

/**
 * Bundles a package into its `dist`: one file for each entry point, and files that several of them share or that are
 * loaded when they are needed. Libraries that package.json does not list as dependencies become part of the bundle, and
 * THIRD-PARTY-NOTICES.txt has their licenses. The entry points in package.json have the same paths below `dist` as their
 * sources below `src`.
 */
export async function bundlePackage(folder: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  const entries = findEntryPoints(manifest);
  const isEngine = folder === repositoryRoot;
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: entries.map(({ source }) => source),
    outbase: 'src',
    outdir: 'dist',
    // Code of the engine finds files of the package two folders up, in a clone and in a bundle.
    chunkNames: isEngine ? 'chunks/[name]-[hash]' : '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    // The forms of libraries that need no Node.js modules: those are imported by our own code, when it needs them.
    platform: 'neutral',
    mainFields: ['module', 'browser', 'main'],
    target: 'node22.13',
    conditions: ['development', 'import'],
    external: [...externalNames(manifest)],
    plugins: [leaveOutHttp2, takeNodeModules, minifyLibraries, ...(isEngine ? enginePlugins : [])],
    legalComments: 'none',
    // A start reads all text of its files. Names stay, so that a stack trace reads like the source.
    minifyWhitespace: true,
    lineLimit: 160,
    metafile: true,
    logLevel: 'warning',
    // What `loadTogether` adds.
    logOverride: { 'ignored-bare-import': 'silent' },
  });
  if (isEngine) assertDepth(metafile);
  writeNotices(folder, metafile);
  writeTypes(folder, entries);
  for (const file of Object.values((manifest.bin ?? {}) as Record<string, string>)) {
    chmodSync(join(folder, file), 0o755);
  }
}

function findEntryPoints({ exports, bin }: PackageManifest): readonly EntryPoint[] {
  const targets = Object.values((exports ?? {}) as Record<string, string | Record<string, string>>);
  const exported = targets.flatMap((target) => {
    if (typeof target === 'string' || target.development === undefined) return [];
    const { development, default: output = '', types } = target;
    return [{ source: normalize(development), output: normalize(output), types }];
  });
  const programs = Object.values((bin ?? {}) as Record<string, string>).map((output) => ({
    source: output.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'),
    output,
  }));
  return [...exported, ...programs];
}

function externalNames({ dependencies = {}, peerDependencies = {} }: PackageManifest): readonly string[] {
  return Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`]);
}

/** Sources that use `import.meta` are two folders below the package; in the bundle they must be too. */
function assertDepth({ outputs }: Metafile): void {
  for (const [output, { inputs }] of Object.entries(outputs)) {
    const readsPath = Object.keys(inputs).filter((source) =>
      /^src\/node\/(own-build|manifest-folder)\.ts$/.test(source),
    );
    if (readsPath.length > 0 && output.split('/').length !== 3)
      throw new Error(`${readsPath.join(', ')} must be two folders below the package, and not in ${output}.`);
  }
}

function writeNotices(folder: string, { inputs }: Metafile): void {
  const file = join(folder, 'THIRD-PARTY-NOTICES.txt');
  const libraries = Object.keys(inputs).filter((source) => source.includes('node_modules/'));
  if (libraries.length === 0) rmSync(file, { force: true });
  else writeFileSync(file, collectThirdPartyNotices(repositoryRoot, libraries));
}

/** Writes the declarations that a program can reach through the entry points. */
function writeTypes(folder: string, entries: readonly EntryPoint[]): void {
  const roots = entries.flatMap(({ types }) => (types === undefined ? [] : [join(folder, types)]));
  if (roots.length === 0) return;
  const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
  runCommand(process.execPath, [compiler, '-p', join(folder, 'tsconfig.build.json')]);
  const reachable = new Set<string>();
  const visit = (file: string): void => {
    if (reachable.has(file)) return;
    reachable.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.[jt]s'/g)) {
      visit(join(dirname(file), `${specifier}.d.ts`));
    }
  };
  for (const root of roots) visit(root);
  for (const name of globSync('dist/**/*.d.ts', { cwd: folder })) {
    const file = join(folder, name);
    if (!reachable.has(file)) rmSync(file);
  }
  const count = `${reachable.size} declarations`;
  process.stdout.write(`${relative(repositoryRoot, folder) || '.'}: ${count}\n`);
}
