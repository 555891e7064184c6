import { expect } from 'chai';
import { createRetryBudget } from '../../src/http/retry-budget.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('retry budget of a connection', () => {
  const withdraw = (budget: ReturnType<typeof createRetryBudget>, times: number) =>
    Array.from({ length: times }, () => budget.tryWithdraw()).filter(Boolean).length;

  it('allows fifty retries at once', () => {
    expect(withdraw(createRetryBudget(createFakeClock()), 60)).to.equal(50);
  });

  it('adds one retry per minute, and no more than fifty in a day', async () => {
    const clock = createFakeClock();
    const budget = createRetryBudget(clock);
    withdraw(budget, 60);
    await clock.sleep(60_000);
    expect(withdraw(budget, 3)).to.equal(1);
    await clock.sleep(86_400_000);
    expect(withdraw(budget, 60)).to.equal(50);
  });

  it('adds a tenth of a retry for each clear response, and does not exceed fifty', () => {
    const budget = createRetryBudget(createFakeClock());
    for (let n = 0; n < 100; n++) budget.deposit();
    expect(withdraw(budget, 60)).to.equal(50);
    for (let n = 0; n < 25; n++) budget.deposit();
    expect(withdraw(budget, 3)).to.equal(2);
  });
});
