import { expect } from 'chai';
import { createHostTokenSource, type HostToken } from '../../src/auth/host-token-source.ts';
import { errorOf } from './support/expect-error.ts';
import { createManualClock } from './support/manual-clock.ts';
import { jwt } from './support/scripted-authority.ts';

describe('tokens that the host brings', () => {
  function createStage(...tokens: (HostToken | Error)[]) {
    const clock = createManualClock();
    const asked: boolean[] = [];
    const source = createHostTokenSource({
      clock,
      async getToken({ rejected }) {
        asked.push(rejected);
        const next = tokens.length > 1 ? tokens.shift()! : tokens[0]!;
        if (next instanceof Error) throw next;
        return next;
      },
    });
    return { asked, clock, source };
  }

  it('are brought once while they last, by their own expiry', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { asked, clock, source } = createStage({ token: jwt({ exp: now + 3600 }) }, { token: 'second' });
    await source.getToken();
    await source.getToken();
    expect(asked).to.deep.equal([false]);
    await clock.advance(3600_000);
    expect((await source.getToken()).token.reveal()).to.equal('second');
  });

  it('are brought anew after a refusal', async () => {
    const { asked, source } = createStage({ token: 'first' }, { token: 'second' });
    const rejected = await source.getToken();
    expect((await source.getToken({ rejectedToken: rejected })).token.reveal()).to.equal('second');
    expect(asked).to.deep.equal([false, true]);
  });

  it('end in RECONNECT_NEEDED when the host brings an expired one, none, or the refused one again', async () => {
    await errorOf(createStage({ token: 'x', expiresAt: 1 }).source.getToken(), 'RECONNECT_NEEDED');
    await errorOf(createStage({ token: '' }).source.getToken(), 'RECONNECT_NEEDED');
    const { source } = createStage({ token: 'same' });
    await errorOf(source.getToken({ rejectedToken: await source.getToken() }), 'RECONNECT_NEEDED');
  });

  it('do not let the host’s own error out, which may hold anything', async () => {
    const error = await errorOf(createStage(new Error('canary')).source.getToken(), 'RECONNECT_NEEDED');
    expect(JSON.stringify(error) + String(error.cause)).not.to.contain('canary');
  });
});
