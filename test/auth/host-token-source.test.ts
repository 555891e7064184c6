import { expect } from 'chai';
import { createHostTokenSource, type HostToken } from '../../src/auth/host-token-source.ts';
import { errorOf } from './support/expect-error.ts';
import { createManualClock } from './support/manual-clock.ts';
import { jwt } from './support/scripted-authority.ts';

describe('createHostTokenSource', () => {
  function createFixture(...tokens: (HostToken | Error)[]) {
    const clock = createManualClock();
    const rejections: boolean[] = [];
    const source = createHostTokenSource({
      clock,
      async getToken({ rejected }) {
        rejections.push(rejected);
        const next = tokens.length > 1 ? tokens.shift()! : tokens[0]!;
        if (next instanceof Error) throw next;
        return next;
      },
    });
    return { rejections, clock, source };
  }

  it('requests a token once during its lifetime', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { rejections, clock, source } = createFixture(
      { token: jwt({ exp: now + 3600 }) },
      { token: 'second' },
    );
    await source.getToken();
    await source.getToken();
    expect(rejections).to.deep.equal([false]);
    await clock.advance(3600_000);
    expect((await source.getToken()).token.reveal()).to.equal('second');
  });

  it('requests a new token after a rejection', async () => {
    const { rejections, source } = createFixture({ token: 'first' }, { token: 'second' });
    const rejected = await source.getToken();
    expect((await source.getToken({ rejectedToken: rejected })).token.reveal()).to.equal('second');
    expect(rejections).to.deep.equal([false, true]);
  });

  it('throws RECONNECT_NEEDED for an expired token, an empty token, and the rejected token', async () => {
    await errorOf(createFixture({ token: 'x', expiresAt: 1 }).source.getToken(), 'RECONNECT_NEEDED');
    await errorOf(createFixture({ token: '' }).source.getToken(), 'RECONNECT_NEEDED');
    const { source } = createFixture({ token: 'same' });
    await errorOf(source.getToken({ rejectedToken: await source.getToken() }), 'RECONNECT_NEEDED');
  });

  for (const [name, answer] of Object.entries<unknown>({
    undefined: undefined,
    null: null,
    'an empty object': {},
    'a number': 5,
    'the token alone': 'abc',
    'a token that is a number': { token: 5 },
    'a token with a line break': { token: 'canary\n' },
    'a token with a letter that no header can have': { token: 'canary\u20ac' },
    'an expiry that is a text': { token: 'canary', expiresAt: 'soon' },
    'an expiry that is no number': { token: 'canary', expiresAt: Number.NaN },
  })) {
    it(`names "getToken" if it returns ${name}`, async () => {
      const source = createHostTokenSource({
        clock: createManualClock(),
        getToken: () => answer as HostToken,
      });
      const error = await errorOf(source.getToken(), 'CONNECTION_INVALID');
      expect(error.message).to.match(/^"getToken" of the credential returned /);
      expect(error.message).not.to.include('canary');
    });
  }

  it('does not keep the error of the host', async () => {
    const error = await errorOf(createFixture(new Error('canary')).source.getToken(), 'RECONNECT_NEEDED');
    expect(JSON.stringify(error) + String(error.cause)).not.to.contain('canary');
  });
});
