import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { cliCommand } from './run-cli.ts';

/** Makes the process believe that it runs on this version of Node.js. */
const pretendVersion = (version: string) =>
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;

describe('d365: Node.js version', () => {
  const run = async (version: string) => {
    const { command, args } = await cliCommand(['--version']);
    return spawnSync(command, ['--import', pretendVersion(version), ...args], { encoding: 'utf8' });
  };

  for (const version of ['18.20.8', '20.19.0', '22.12.0']) {
    it(`refuses Node.js ${version} in one sentence`, async () => {
      const { status, stdout, stderr } = await run(version);
      expect({ status, stdout, stderr }).to.deep.equal({
        status: 8,
        stdout: '',
        stderr: `d365 needs Node.js 22.13 or newer; this is ${version}.\n`,
      });
    });
  }

  it('runs on Node.js 22.13.0', async () => {
    expect((await run('22.13.0')).status).to.equal(0);
  });

  it('checks the version before it imports anything', async () => {
    const source = await readFile(join(import.meta.dirname, '../src/main.ts'), 'utf8');
    // Lines without indentation; the functions below the check may import.
    expect(source).not.to.match(/^(import\b|\S.*\bawait import\b|export .* from\b)/m);
  });
});
