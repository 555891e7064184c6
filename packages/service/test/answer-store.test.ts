import { expect } from 'chai';
import { type Clock, openVault } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
import { createMemoryKeys } from '../../../test/auth/support/memory-keys.ts';
import { type FirstRequest, isStoredAnswer, openAnswerStore } from '../src/answers/answer-store.ts';
import { forgetAnswers } from '../src/answers/forget-answers.ts';

const request = { owner: 'key', idempotencyKey: 'order-1', content: 'case.create {}' };
const answer = { status: 200, body: '{"output":"secret row"}' };

/** A clock that the test sets; sleeps end only when they are aborted. */
function createManualClock() {
  let now = Date.UTC(2026, 0, 1);
  const clock: Clock = {
    now: () => now,
    sleep: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  return {
    clock,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

async function open(keepMs?: number) {
  const store = createMemoryStore();
  const vault = await openVault({ store, keys: createMemoryKeys() });
  const { clock, advance } = createManualClock();
  return { store, vault, advance, answers: openAnswerStore({ store, vault, clock, keepMs }) };
}

const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => 'done',
    (error: { readonly code: string }) => error.code,
  );

describe('service: stored answers', () => {
  it('are deleted with their secret when their time is over', async () => {
    const { answers, store, advance } = await open(60_000);
    await ((await answers.begin(request)) as FirstRequest).keep(answer);
    advance(59_999);
    expect(await answers.sweep()).to.equal(0);
    expect(isStoredAnswer(await answers.begin(request))).to.equal(true);
    advance(1);
    expect(await answers.sweep()).to.equal(1);
    expect(await store.keys('')).to.deep.equal([]);
  });

  it('are emptied when their row is forgotten, and the request is still not carried out again', async () => {
    const { answers, store, vault } = await open();
    const id = '8d1f0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
    const other = { ...request, idempotencyKey: 'order-2' };
    await ((await answers.begin(request)) as FirstRequest).keep({
      status: 200,
      body: `{"output":{"id":"${id}"}}`,
    });
    await ((await answers.begin(other)) as FirstRequest).keep(answer);
    expect(await forgetAnswers({ store, vault }, id.toUpperCase())).to.equal(1);
    expect(await answers.begin(request)).to.deep.equal({ status: 200, body: '{"forgotten":true}' });
    expect(await answers.begin(other)).to.deep.equal(answer);
  });

  it('repeat the answer of the first request, for 24 hours', async () => {
    const { answers, advance } = await open();
    const first = (await answers.begin(request)) as FirstRequest;
    expect(first.isAbandoned).to.equal(false);
    await first.keep(answer);
    expect(await answers.begin(request)).to.deep.equal(answer);
    advance(86_400_001);
    expect(await answers.sweep()).to.equal(1);
    expect(isStoredAnswer(await answers.begin(request))).to.equal(false);
  });

  it('refuse a repetition while the first request runs, and one with other content', async () => {
    const { answers } = await open();
    await answers.begin(request);
    expect(await codeOf(answers.begin(request))).to.equal('IDEMPOTENCY_KEY_IN_USE');
    expect(await codeOf(answers.begin({ ...request, content: 'case.create {"x":1}' }))).to.equal(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect(await codeOf(answers.begin({ ...request, owner: 'other' }))).to.equal('done');
  });

  it('let a repetition take over a request whose process has ended, and say so', async () => {
    const { answers, advance } = await open();
    await answers.begin(request);
    advance(10_001);
    const second = (await answers.begin(request)) as FirstRequest;
    expect(second.isAbandoned).to.equal(true);
    await second.keep(answer);
    expect(await answers.begin(request)).to.deep.equal(answer);
  });

  it('forget a request that did nothing', async () => {
    const { answers } = await open();
    const first = (await answers.begin(request)) as FirstRequest;
    await first.release();
    const again = (await answers.begin(request)) as FirstRequest;
    expect(again.isAbandoned).to.equal(false);
    await again.release();
  });

  it('are encrypted', async () => {
    const { answers, store } = await open();
    const first = (await answers.begin(request)) as FirstRequest;
    await first.keep(answer);
    for (const [key, { value }] of await store.getMany(await store.keys('')))
      expect(value, key).to.not.contain('secret row');
  });
});
