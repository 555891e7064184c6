import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** A file for the browser. */
export interface ConsoleAsset {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

/** The files of the console by name: `main-3F2A.js`, `main-9D1C.css` and `index.html`. */
export type ConsoleAssets = ReadonlyMap<string, ConsoleAsset>;

/** In a package: beside the bundle. In a clone there is no such folder, and the sources are bundled when they are needed. */
const builtFolder = fileURLToPath(new URL('./console/', import.meta.url));
const builder = new URL('../../../../scripts/support/build-console.ts', import.meta.url);

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the files of the console, or builds them in a clone of the repository. */
export async function loadConsoleAssets(): Promise<ConsoleAssets> {
  const files = existsSync(join(builtFolder, 'index.html')) ? readBuilt() : await build();
  return new Map(files.map(([name, bytes]) => [name, toAsset(name, bytes)]));
}

function readBuilt(): readonly (readonly [string, Uint8Array])[] {
  return globSync('*.{html,js,css,svg}', { cwd: builtFolder }).map((name) => [
    name,
    readFileSync(join(builtFolder, name)),
  ]);
}

async function build(): Promise<readonly (readonly [string, Uint8Array])[]> {
  const { buildConsole } = (await import(builder.href)) as {
    buildConsole(): Promise<ReadonlyMap<string, Uint8Array>>;
  };
  return [...(await buildConsole())];
}

function toAsset(name: string, bytes: Uint8Array): ConsoleAsset {
  return {
    contentType: contentTypes[extname(name)] ?? 'application/octet-stream',
    bytes: new Uint8Array(bytes),
    gzipped: new Uint8Array(gzipSync(bytes, { level: 9 })),
  };
}
