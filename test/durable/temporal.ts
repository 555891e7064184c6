import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { createActivities } from '../examples/temporal.ts';
import { type DurableFixture, openFixture } from './fixture.ts';

/** `npm run test:durable`: the activities of docs/hosts.md in Temporal's own environment for activities. */
describe('an action as an activity of Temporal', () => {
  let fixture: DurableFixture;
  beforeEach(async () => {
    fixture = await openFixture();
  });
  afterEach(() => fixture.close());

  /** An attempt of an activity of the same workflow. */
  const attempt = (activityId: string, attempts = 1) =>
    new MockActivityEnvironment({ activityId, attempt: attempts }, { logger: new DefaultLogger('ERROR') });
  const run = (environment: MockActivityEnvironment, action: string, input: JsonObject = {}) =>
    environment.run(createActivities(fixture.client, [action])[action]!, input);
  const failureOf = async (work: Promise<unknown>) =>
    await work.then(
      () => undefined,
      (error) => error,
    );

  it('makes one row however often it is attempted, and another one for another activity', async () => {
    const input = { name: 'Fabrikam, Inc.' };
    const first = (await run(attempt('1'), 'account.create', input)) as JsonObject;
    const again = (await run(attempt('1', 2), 'account.create', input)) as JsonObject;
    const other = (await run(attempt('2'), 'account.create', input)) as JsonObject;
    expect(again.id).to.equal(first.id);
    expect(other.id).not.to.equal(first.id);
    expect(await fixture.countAccounts('Fabrikam, Inc.')).to.equal(2);
  });

  it('is not attempted again where that is of no use, and says what to do', async () => {
    const failure = await failureOf(run(attempt('3'), 'case.get', { id: 'no id' }));
    expect(failure).to.be.instanceOf(ApplicationFailure);
    expect(failure).to.include({ type: 'INPUT_INVALID', nonRetryable: true });
    expect(failure.details[0]).to.have.property('advice');
  });

  it('is attempted again when Dataverse said', async () => {
    fixture.throttleNextRequest(600);
    const failure = await failureOf(run(attempt('4'), 'account.list'));
    expect(failure).to.include({ type: 'THROTTLED', nonRetryable: false });
    expect(failure.nextRetryDelay).to.be.closeTo(600_000, 10_000);
  });

  it('beats while it reads a list', async () => {
    await run(attempt('5'), 'account.create', { name: 'Fabrikam, Inc.' });
    const environment = attempt('6');
    const beats: unknown[] = [];
    environment.on('heartbeat', (rows) => beats.push(rows));
    await run(environment, 'account.list');
    expect(beats).to.deep.equal([1]);
  });

  it('ends as canceled when it is canceled', async () => {
    fixture.dropNextResponse();
    const environment = attempt('7');
    const work = failureOf(run(environment, 'account.list'));
    setImmediate(() => environment.cancel());
    expect(await work).to.be.instanceOf(CancelledFailure);
  });
});
