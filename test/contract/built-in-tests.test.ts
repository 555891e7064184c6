import { expect } from 'chai';
import { runContractTests } from '../../src/authoring/contract/run-contract-tests.ts';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector } from '../../src/index.ts';

describe('runContractTests', () => {
  it('passes all contract tests and built-in tests of our own manifest', async () => {
    const connector = await loadConnector();
    const failed: string[] = [];
    let count = 0;
    for await (const { operation, name, failures } of runContractTests(runtimeOf(connector))) {
      count++;
      if (failures.length > 0)
        failed.push(`${operation}: ${name}: ${failures.map(({ message }) => message).join('; ')}`);
    }
    expect(failed).to.deep.equal([]);
    expect(count).to.be.at.least(Object.keys(runtimeOf(connector).definition.actions).length * 3);
  });
});
