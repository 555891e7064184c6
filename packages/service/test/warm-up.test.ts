import { expect } from 'chai';
import { type LogEvent, loadConnector } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
import { warmUp } from '../src/warm-up.ts';

describe('service: warm-up', () => {
  it('runs without the network, the store, the log and the audit of the connector', async () => {
    const used: string[] = [];
    const store = createMemoryStore();
    const logged: LogEvent[] = [];
    const connector = await loadConnector({
      store,
      log: (event) => logged.push(event),
      send: async ({ url }) => {
        used.push(url);
        throw new Error('not in this test');
      },
      audit: { write: () => used.push('audit'), runAs: (_, work) => work() },
    });
    const outcomes = await warmUp(connector);
    expect(outcomes[0], outcomes.join()).to.equal('ok');
    expect(outcomes.at(-1)).to.equal('INPUT_INVALID');
    expect(used).to.deep.equal([]);
    expect(logged).to.deep.equal([]);
    expect(await store.keys('')).to.deep.equal([]);
  });
});
