import { join } from 'node:path';
import { installOnce } from './install-once.ts';

/** Versions of Node.js on which the packed packages are used: the oldest that is supported, and each LTS line after it. */
export const supportedNodeVersions: readonly string[] = (process.env.NODE_VERSIONS ?? '22.13.0 24 26').split(
  ' ',
);

/** The program of a Node.js version, installed once from npm. The same packages are behind the npm package `node`. */
export function nodeBinary(version: string): string {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = installOnce({
    name: `node-${version}`,
    packages: [`${name}@${version}`],
    expectedCost: '15 seconds, 120 MB',
  });
  return join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
