import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { runProgram } from './run-program.ts';
import { smallConnector, writeFiles } from './small-connector.ts';

const action = `title: Raise visit
descripton: Raises the priority of a visit.
input:
  required: [id]
  properties:
    id: { $ref: ../schemas/tables/visit.yaml#properties/id }
request:
  update: new_visit
  id: {{input.id}}
  values: { new_priority: High }
`;

describe('d365 check', () => {
  let folder: string;
  before(() => {
    folder = writeFiles({ ...smallConnector, 'base/actions/visit.raise.yaml': action });
  });
  after(() => rm(folder, { recursive: true }));
  const check = (...args: readonly string[]) =>
    runProgram(['check', '--manifest', join(folder, 'base'), ...args]);

  it('prints every mistake of a file in one run, with its fix', async () => {
    const { exitCode, stdout } = await check();
    expect(exitCode).to.equal(1);
    expect(stdout.match(/^actions\S+/gm)).to.deep.equal([
      'actions/visit.raise.yaml:1:1',
      'actions/visit.raise.yaml:2:1',
      'actions/visit.raise.yaml:6:17',
      'actions/visit.raise.yaml:8:11',
      'actions/visit.raise.yaml:9:7',
    ]);
    expect(stdout.match(/fix: /g)).to.have.length(5);
  });

  it('--fix applies every fix that is certain, and --strict still exits with 1 for a warning', async () => {
    const { exitCode, stdout, stderr } = await check('--fix');
    expect(exitCode, stdout).to.equal(0);
    expect(stderr).to.contain('mistakes fixed');
    expect(stdout).to.contain('warning  M119  there is no test');
    expect(await readFile(join(folder, 'base/actions/visit.raise.yaml'), 'utf8')).to.equal(
      action
        .replace('descripton', 'description')
        .replace('../schemas/tables/visit.yaml#properties/id', 'visit#id')
        .replace('new_visit', 'visit')
        .replace('{{input.id}}', '"{{input.id}}"')
        .replace('new_priority: High', 'priority: high'),
    );
    expect((await check('--strict')).exitCode).to.equal(1);
  });

  it('--fix without a folder changes no file', async () => {
    const { exitCode, stderr } = await runProgram(['check', '--fix']);
    expect(exitCode).to.equal(8);
    expect(stderr).to.contain('--fix needs the folder');
  });

  it('--format github: names files by their path in the repository', async () => {
    const { stdout } = await check('--format', 'github');
    const path = relative(process.env.GITHUB_WORKSPACE ?? process.cwd(), join(folder, 'base/actions'));
    expect(stdout).to.contain(`file=${path}/visit.raise.yaml,`);
  });
});
