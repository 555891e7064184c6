import { InngestTestEngine } from '@inngest/test';
import { expect } from 'chai';
import type { Json, JsonObject } from 'dynamics365-connector';
import { Inngest, RetryAfterError } from 'inngest';
import { runStep } from '../examples/inngest.ts';
import { type DurableFixture, openFixture } from './fixture.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** `npm run test:durable`: the step of docs/hosts.md in Inngest's test engine. */
describe('Inngest step', () => {
  let fixture: DurableFixture;
  beforeEach(async () => {
    fixture = await openFixture();
  });
  afterEach(() => fixture.close());

  /** Executes a function with one step once, in the run with this id. */
  const attempt = async (runId: string, action: string, input: JsonObject = {}) => {
    const inngest = new Inngest({ id: 'test', isDev: true, logger: silent });
    const job = inngest.createFunction({ id: 'job', triggers: [{ event: 'requested' }] }, ({ step }) =>
      runStep(fixture.client, { runId, step }, { id: 'the step', action, input }),
    );
    const { result, error } = await new InngestTestEngine({ function: job }).execute();
    return { result: result as Json, error: error as { readonly name: string } & JsonObject };
  };

  it('creates one row over several attempts, and another row in another run', async () => {
    const input = { name: 'Fabrikam, Inc.' };
    const first = (await attempt('run 1', 'account.create', input)).result as JsonObject;
    const again = (await attempt('run 1', 'account.create', input)).result as JsonObject;
    const other = (await attempt('run 2', 'account.create', input)).result as JsonObject;
    expect(again.id).to.equal(first.id);
    expect(other.id).not.to.equal(first.id);
    expect(await fixture.countAccounts('Fabrikam, Inc.')).to.equal(2);
  });

  it('throws NonRetriableError for an error that a retry cannot fix', async () => {
    const { error } = await attempt('run 3', 'case.get', { id: 'no id' });
    expect(error.name).to.equal('NonRetriableError');
  });

  it('throws RetryAfterError with the Retry-After of Dataverse', async () => {
    fixture.throttleNextRequest(600);
    // The test engine keeps only the name of an error.
    const step = { run: (_id: string, work: () => Promise<Json>) => work() } as never;
    const job = { id: 'the step', action: 'account.list', input: {} };
    const error = await runStep(fixture.client, { runId: 'run 4', step }, job).catch((error) => error);
    expect(error).to.be.instanceOf(RetryAfterError);
    expect(Number(error.retryAfter)).to.be.closeTo(600, 10);
  });
});
