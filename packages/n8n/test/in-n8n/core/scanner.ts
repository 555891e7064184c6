import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { paths } from '../../../scripts/paths.ts';

interface Scanner {
  readonly SOURCE_FILE_PATTERNS: readonly string[];
  analyzePackage(
    folder: string,
    files: readonly string[],
  ): Promise<{ readonly passed: boolean; readonly message?: string; readonly details?: string }>;
}

/** The files that the scanner reads in the tarball of a published package. */
const tarballFiles = ['**/*.js', 'package.json'];

describe("n8n's scanner for community nodes", () => {
  let scanner: Scanner;
  before(async () => {
    const file = join(paths.core, 'node_modules/@n8n/scan-community-package/scanner/scanner.mjs');
    scanner = await import(pathToFileURL(file).href);
  });

  it('accepts the tarball', async () => {
    expect(await scanner.analyzePackage(paths.packed, tarballFiles)).to.deep.equal({ passed: true });
  });

  it('accepts the source', async () => {
    const source = join(paths.root, 'packages/n8n');
    expect(await scanner.analyzePackage(source, scanner.SOURCE_FILE_PATTERNS)).to.deep.equal({
      passed: true,
    });
  });

  it('rejects a tarball that reads the environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-scanner-'));
    try {
      cpSync(paths.packed, folder, { recursive: true });
      appendFileSync(join(folder, 'environment.js'), 'module.exports = process.env.HOME;\n');
      const { passed, details } = await scanner.analyzePackage(folder, tarballFiles);
      expect(passed).to.equal(false);
      expect(details).to.include('environment.js').and.include('process');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
