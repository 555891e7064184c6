import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { packageFolders, readManifest } from '../../scripts/support/workspace-packages.ts';
import { root } from './imports.ts';

const files = globSync('.github/workflows/*.yml', { cwd: root });
const readText = (file: string) => readFileSync(join(root, file), 'utf8');

describe('workflows of GitHub', () => {
  for (const file of files) {
    it(`${file} pins every action by commit, with its version in a comment`, () => {
      const uses = readText(file)
        .split('\n')
        .filter((line) => /^\s*(- )?uses:/.test(line));
      expect(uses.length).to.be.greaterThan(0);
      expect(
        uses.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
      ).to.deep.equal([]);
    });

    it(`${file} has read access by default and a time limit for each job`, () => {
      const workflow = parse(readText(file));
      expect(workflow.permissions).to.deep.equal({ contents: 'read' });
      const jobs = Object.entries<{ readonly 'timeout-minutes'?: number }>(workflow.jobs);
      expect(jobs.filter(([, job]) => job['timeout-minutes'] === undefined)).to.deep.equal([]);
    });
  }

  it('the release publishes every package, those that others depend on first', () => {
    const [, list = ''] = /for name in ([^;]*);/.exec(readText('.github/workflows/release.yml')) ?? [];
    const names = list.split(/[\s\\]+/).filter((name) => name !== '');
    expect(names).to.deep.equal(packageFolders.map((folder) => readManifest(folder).name));
  });
});
