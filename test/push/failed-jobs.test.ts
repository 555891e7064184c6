import { expect } from 'chai';
import { readFailedPushes } from '../../src/push/failed-jobs.ts';
import { repairRegistration } from '../../src/push/registration.ts';
import { caseSteps, openPushFixture, type PushFixture } from './fixture.ts';

describe('failed webhooks', () => {
  let fixture: PushFixture;
  before(async () => {
    fixture = await openPushFixture();
  });
  after(() => fixture.close());

  it('come the earliest first, also if the steps are too many for one request', async () => {
    const { store } = fixture.sandbox.organization;
    const { endpoint, connection } = fixture;
    const registered = await repairRegistration(connection, { endpoint, steps: caseSteps });
    const [early, late] = [...registered.steps.keys()];
    const others = Array.from(
      { length: 60 },
      (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    );
    const steps = new Map([
      [late!, 'late'],
      ...others.map((id) => [id, 'other'] as const),
      [early!, 'early'],
    ]);
    const failed = { statecode: 3, statuscode: 31, operationtype: 1 };
    const actor = { userId: fixture.sandbox.organization.findSystemUserId(fixture.sandbox.app)! };
    for (const [id, minute] of [
      [late!, 5],
      [early!, 3],
    ] as const)
      store.insert(
        'asyncoperation',
        {
          ...{ ...failed, name: 'webhook', owningextensionid: { table: 'sdkmessageprocessingstep', id } },
          completedon: `2026-01-15T09:0${minute}:00Z`,
        },
        actor,
      );
    const found = await readFailedPushes(connection, steps, 0);
    expect(found.map(({ table }) => table)).to.deep.equal(['early', 'late']);
  });
});
