import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { runContractTests } from '../../src/authoring/contract/run-contract-tests.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { compileFolders, realFiles, root } from './support/manifests.ts';

const page = readFileSync(`${root}docs/extend.md`, 'utf8');

describe('docs/extend.md', () => {
  const examples = [...page.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, file, text]) => [file!, text!] as const,
  );
  const compiled = compileFolders({
    'dynamics365-connector': Object.fromEntries(realFiles()),
    own: Object.fromEntries(examples),
  });

  it('has an example connector that compiles without a diagnostic', () => {
    expect(examples.map(([file]) => file)).to.include.members([
      'connector.yaml',
      'actions/case.escalate.yaml',
    ]);
    expect(compiled.diagnostics).to.deep.equal([]);
    const { actions, triggers } = compiled.definition!;
    expect(actions).to.include.keys('ticket.create', 'ticket.search', 'case.escalate');
    expect(triggers).to.include.keys('ticket.created', 'ticket.deleted');
  });

  it('has example tests that pass, as do the generic tests of the new operations', async () => {
    const options = { definition: compiled.definition!, validator: createValidator() };
    const accepts = (id: string) => id.startsWith('ticket.') || id === 'case.escalate';
    const failures: string[] = [];
    for await (const result of runContractTests(options, accepts))
      failures.push(...result.failures.map(({ message }) => message));
    expect(failures).to.deep.equal([]);
  });
});
