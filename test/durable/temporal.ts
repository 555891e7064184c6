import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { createActivities } from '../examples/temporal.ts';
import { type DurableFixture, openFixture } from './fixture.ts';

/** `npm run test:durable`: the activities of docs/hosts.md in Temporal's test environment. */
describe('Temporal activity', () => {
  let fixture: DurableFixture;
  beforeEach(async () => {
    fixture = await openFixture();
  });
  afterEach(() => fixture.close());

  /** The environment of one attempt of an activity. */
  const attempt = (activityId: string, attempts = 1) =>
    new MockActivityEnvironment({ activityId, attempt: attempts }, { logger: new DefaultLogger('ERROR') });
  const run = (environment: MockActivityEnvironment, action: string, input: JsonObject = {}) =>
    environment.run(createActivities(fixture.client, [action])[action]!, input);
  const failureOf = async (run: Promise<unknown>) =>
    await run.then(
      () => undefined,
      (error) => error,
    );

  it('creates one row over several attempts, and another row for another activity', async () => {
    const input = { name: 'Fabrikam, Inc.' };
    const first = (await run(attempt('1'), 'account.create', input)) as JsonObject;
    const again = (await run(attempt('1', 2), 'account.create', input)) as JsonObject;
    const other = (await run(attempt('2'), 'account.create', input)) as JsonObject;
    expect(again.id).to.equal(first.id);
    expect(other.id).not.to.equal(first.id);
    expect(await fixture.countAccounts('Fabrikam, Inc.')).to.equal(2);
  });

  it('fails as non-retryable, with advice, for an error that a retry cannot fix', async () => {
    const failure = await failureOf(run(attempt('3'), 'case.get', { id: 'no id' }));
    expect(failure).to.be.instanceOf(ApplicationFailure);
    expect(failure).to.include({ type: 'INPUT_INVALID', nonRetryable: true });
    expect(failure.details[0]).to.have.property('advice');
  });

  it('is retried after the Retry-After of Dataverse', async () => {
    fixture.throttleNextRequest(600);
    const failure = await failureOf(run(attempt('4'), 'account.list'));
    expect(failure).to.include({ type: 'THROTTLED', nonRetryable: false });
    expect(failure.nextRetryDelay).to.be.closeTo(600_000, 10_000);
  });

  it('sends heartbeats while it reads a list', async () => {
    await run(attempt('5'), 'account.create', { name: 'Fabrikam, Inc.' });
    const environment = attempt('6');
    const heartbeats: unknown[] = [];
    environment.on('heartbeat', (rows) => heartbeats.push(rows));
    await run(environment, 'account.list');
    expect(heartbeats).to.deep.equal([1]);
  });

  it('fails as canceled when it is canceled', async () => {
    fixture.dropNextResponse();
    const environment = attempt('7');
    const failure = failureOf(run(environment, 'account.list'));
    setImmediate(() => environment.cancel());
    expect(await failure).to.be.instanceOf(CancelledFailure);
  });
});
