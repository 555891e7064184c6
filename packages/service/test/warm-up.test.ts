import { expect } from 'chai';
import { type JsonSchema, type LogEvent, loadConnector } from 'dynamics365-connector';
import { createConnector, createMemoryStore, runtimeOf, type Validator } from 'dynamics365-connector/host';
import { compileInputChecks, warmUp } from '../src/warm-up.ts';

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

  it('compiles the checks of all inputs afterwards, one in each pause, until the service stops', async () => {
    const { definition, services, validator: usual } = runtimeOf(await loadConnector({}));
    const inputs = [...Object.values(definition.actions), ...Object.values(definition.triggers)].map(
      ({ input }) => input,
    );
    const stop = new AbortController();
    const checked: JsonSchema[] = [];
    let pauses = 0;
    const validator: Validator = {
      ...usual,
      issues(schema) {
        checked.push(schema);
        return [];
      },
    };
    const sleep = async () => {
      pauses += 1;
    };
    const clock = { ...services.clock, sleep };
    const connector = createConnector({ definition, validator, services: { ...services, clock } });
    await compileInputChecks(connector, stop.signal);
    expect(checked).to.have.members(inputs);
    expect(pauses).to.equal(inputs.length);
    stop.abort();
    await compileInputChecks(connector, stop.signal);
    expect(checked).to.have.length(inputs.length);
  });
});
