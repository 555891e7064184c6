import { expect } from 'chai';
import { runContractTests } from '../../src/authoring/contract/run-contract-tests.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { compileSmall } from '../manifest/support/manifests.ts';

const validator = createValidator();
const a = '11111111-1111-4111-8111-111111111111';
const b = '22222222-2222-4222-8222-222222222222';

/** The failures of the tests of a trigger on cases. */
async function run(watch: string, polls: string): Promise<readonly string[]> {
  const { definition, diagnostics } = compileSmall({
    'triggers/case.noticed.yaml': `title: Case noticed
description: Starts when a case is noticed.
watch: { table: case, ${watch}, every: 60s }
tests:
  - name: reports what it should
    polls:
${polls}`,
  });
  if (definition === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  const failures: string[] = [];
  for await (const result of runContractTests({ definition, validator }, (id) => id === 'case.noticed'))
    failures.push(...result.failures.map(({ message }) => message));
  return failures;
}

const poll = (minute: number, rows: string | undefined, emits: string) =>
  `      - { at: "2026-01-15T09:0${minute}:00Z", ${rows === undefined ? '' : `rows: [${rows}], `}emits: [${emits}] }\n`;

const row = (id: string, title: string, rest = '') => `{ id: ${id}, title: ${title}${rest} }`;

describe('a test of a trigger with rows', () => {
  it('reports rows that are new since the first poll', async () => {
    const polls =
      poll(0, row(a, 'Kettle'), '') +
      poll(1, `${row(a, 'Kettle')}, ${row(b, 'Lamp')}`, `{ change: created, row: ${row(b, 'Lamp')} }`) +
      poll(2, undefined, '');
    expect(await run('changes: [created]', polls)).to.deep.equal([]);
  });

  it('reports rows that have changed, and columns that changed to a value', async () => {
    const polls =
      poll(0, row(a, 'Kettle', ', priority: normal'), '') +
      poll(1, row(a, 'Pot', ', priority: normal'), '') +
      poll(2, row(a, 'Pot', ', priority: high'), '{ change: updated, row: { priority: high } }');
    expect(await run('changes: [updated], changedTo: { priority: high }', polls)).to.deep.equal([]);
  });

  it('reports rows that are deleted', async () => {
    const polls = poll(0, row(a, 'Kettle'), '') + poll(1, '', `{ change: deleted, row: { id: ${a} } }`);
    expect(await run('changes: [deleted]', polls)).to.deep.equal([]);
  });

  it('reports deadlines that pass, without a change of a row', async () => {
    const polls =
      poll(0, row(a, 'Kettle', ', createdOn: "2026-01-15T09:00:30Z"'), '') +
      poll(1, undefined, `{ change: due, row: { id: ${a} } }`);
    expect(await run('due: createdOn', polls)).to.deep.equal([]);
  });

  it('applies the filter of the trigger to texts, choices and lookups', async () => {
    const where = `where: ["contains(title,'leak')", "prioritycode eq 1", "_parentcaseid_value eq ${b}"]`;
    const parent = `, parent: { table: case, id: ${b} }`;
    const polls =
      poll(0, '', '') +
      poll(
        1,
        `${row(a, 'Big LEAK', `, priority: high${parent}`)}, ${row(b, 'leak', ', priority: low')}`,
        `{ change: created, row: { id: ${a} } }`,
      );
    expect(await run(`changes: [created], ${where}`, polls)).to.deep.equal([]);
  });

  it('fails with what happened if the items are other ones', async () => {
    const polls = poll(0, '', '') + poll(1, row(a, 'Kettle'), `{ change: created, row: ${row(a, 'Lamp')} }`);
    expect(await run('changes: [created]', polls)).to.deep.equal(['poll 2: item 1 is another one']);
  });

  it('names a condition that rows do not decide', async () => {
    const where = `where: ["Microsoft.Dynamics.CRM.Today(PropertyName='createdon')"]`;
    const [failure] = await run(
      `changes: [created], ${where}`,
      poll(0, row(a, 'Kettle'), '') + poll(1, row(b, 'Pot'), ''),
    );
    expect(failure).to.contain('Today is judged by Dataverse alone').and.to.contain('state "exchanges"');
  });
});
