import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runProgram } from './run-program.ts';
import { smallConnector, writeFiles } from './small-connector.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const action = `title: Raise visit
description: Raises the priority of a visit.
input:
  required: [id]
  properties:
    id: { $ref: visit#id }
request: { update: visit, id: "{{input.id}}", values: { priority: high } }
tests:
  - name: sends the number # as Dataverse knows it
    input: { id: ${id} }
    sends:
      method: PATCH
      path: /new_visits(${id})
    receives: { status: 200, body: { new_visitid: ${id}, new_name: Lamp } }
    returns: { id: ${id}, name: Lampe }
`;

describe('d365 test', () => {
  let folder: string;
  before(() => {
    folder = writeFiles({ ...smallConnector, 'own/actions/visit.raise.yaml': action });
  });
  after(() => rm(folder, { recursive: true }));
  const test = (...args: readonly string[]) =>
    runProgram(['test', 'visit.raise', '--manifest', join(folder, 'own'), ...args]);

  it('prints the failing line, and each place that differs', async () => {
    const { exitCode, stdout } = await test();
    expect(exitCode).to.equal(1);
    expect(stdout).to.equal(`failed  visit.raise: sends the number  (actions/visit.raise.yaml:12)
        another request was sent
          - body: (absent)
          + body: {"new_priority":1}
        another output was returned
          - name: "Lampe"
          + name: "Lamp"
`);
  });

  it('--format junit writes each test, --format github annotates the failing lines', async () => {
    const junit = await test('--format', 'junit');
    expect(junit.stdout).to.contain(
      '<testcase classname="visit.raise" name="sends the number" file="actions/visit.raise.yaml" line="12"><failure',
    );
    expect(junit.stdout).to.contain('name="never logs a secret"');
    const github = await test('--format', 'github');
    expect(github.stdout).to.match(
      /^::error file=\.\..*\/actions\/visit\.raise\.yaml,line=15,title=contract test::/m,
    );
  });

  it('--update writes what happened, and keeps the rest of the file', async () => {
    const { exitCode, stderr } = await test('--update');
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.contain('2 expectations updated');
    const updated = await readFile(join(folder, 'own/actions/visit.raise.yaml'), 'utf8');
    expect(updated).to.contain('# as Dataverse knows it');
    expect(updated).to.contain('body: { new_priority: 1 }');
    expect(updated).to.contain(`returns: { id: ${id}, name: Lamp }`);
  });
});
