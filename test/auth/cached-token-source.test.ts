import { expect } from 'chai';
import { createCachedTokenSource } from '../../src/auth/cached-token-source.ts';
import type { TokenSet } from '../../src/auth/token-set.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { Secret } from '../../src/model/secret.ts';
import type { AccessToken } from '../../src/model/token.ts';
import { errorOf } from './support/expect-error.ts';
import { createManualClock } from './support/manual-clock.ts';

const hour = 3600_000;

function createFixture() {
  const clock = createManualClock();
  const renewals: (AccessToken | undefined)[] = [];
  const authority = {
    fail: undefined as ConnectorError | undefined,
    next: () => `token-${renewals.length}`,
  };
  const source = createCachedTokenSource({
    clock,
    async renew(rejected) {
      renewals.push(rejected);
      await Promise.resolve();
      if (authority.fail !== undefined) throw authority.fail;
      return tokens(authority.next(), clock.now(), hour);
    },
  });
  return { clock, renewals, authority, source };
}

function tokens(text: string, now: number, lifeMs: number): TokenSet {
  return { accessToken: { token: new Secret(text), expiresAt: now + lifeMs }, refreshAt: now + lifeMs * 0.8 };
}

describe('createCachedTokenSource', () => {
  it('renews once for all concurrent callers', async () => {
    const { renewals, source } = createFixture();
    const all = await Promise.all(Array.from({ length: 100 }, () => source.getToken()));
    expect(new Set(all.map(({ token }) => token.reveal()))).to.deep.equal(new Set(['token-1']));
    expect(renewals).to.have.length(1);
  });

  it('renews a token after 80 % of its lifetime', async () => {
    const { renewals, clock, source } = createFixture();
    await source.getToken();
    await clock.advance(hour * 0.8 - 1);
    expect((await source.getToken()).token.reveal()).to.equal('token-1');
    await clock.advance(1);
    expect((await source.getToken()).token.reveal()).to.equal('token-2');
    expect(renewals).to.have.length(2);
  });

  it('renews a rejected token once for all callers', async () => {
    const { renewals, source } = createFixture();
    const rejected = await source.getToken();
    const all = await Promise.all(
      Array.from({ length: 25 }, () => source.getToken({ rejectedToken: rejected })),
    );
    expect(new Set(all.map(({ token }) => token.reveal()))).to.deep.equal(new Set(['token-2']));
    expect(renewals).to.deep.equal([undefined, rejected]);
    expect((await source.getToken({ rejectedToken: rejected })).token.reveal(), 'a later caller').to.equal(
      'token-2',
    );
  });

  it('renews again when a shared renewal returned the rejected token', async () => {
    const { renewals, authority, clock, source } = createFixture();
    const first = await source.getToken();
    await clock.advance(hour * 0.9);
    // A shared sign-in returns the token that is still valid while another process refreshes it.
    authority.next = () => (renewals.at(-1) === undefined ? 'token-1' : 'token-2');
    const joined = source.getToken();
    const afterRejection = source.getToken({ rejectedToken: first });
    expect((await joined).token.reveal()).to.equal('token-1');
    expect((await afterRejection).token.reveal()).to.equal('token-2');
    expect(renewals).to.deep.equal([undefined, undefined, first]);
  });

  it('throws RECONNECT_NEEDED when there is no token other than the rejected one', async () => {
    const fixture = createFixture();
    fixture.authority.next = () => 'always the same';
    const rejected = await fixture.source.getToken();
    await errorOf(fixture.source.getToken({ rejectedToken: rejected }), 'RECONNECT_NEEDED');
    expect(fixture.renewals).to.have.length(2);
  });

  it('returns the old token, and pauses renewals, after a retryable error', async () => {
    const fixture = createFixture();
    await fixture.source.getToken();
    await fixture.clock.advance(hour * 0.8);
    fixture.authority.fail = new ConnectorError('UNAVAILABLE', 'busy');
    for (let call = 0; call < 20; call += 1) {
      expect((await fixture.source.getToken()).token.reveal()).to.equal('token-1');
    }
    expect(fixture.renewals, 'one renewal, then a pause').to.have.length(2);
    await fixture.clock.advance(30_000);
    fixture.authority.fail = undefined;
    expect((await fixture.source.getToken()).token.reveal()).to.equal('token-3');
  });

  it('throws a retryable error when the old token has expired or was rejected', async () => {
    const fixture = createFixture();
    const rejected = await fixture.source.getToken();
    fixture.authority.fail = new ConnectorError('UNAVAILABLE', 'busy');
    await errorOf(fixture.source.getToken({ rejectedToken: rejected }), 'UNAVAILABLE');
    await fixture.clock.advance(hour);
    await errorOf(fixture.source.getToken(), 'UNAVAILABLE');
    fixture.authority.fail = undefined;
    expect((await fixture.source.getToken()).token.reveal()).to.match(/^token-/);
  });

  it('ends only the wait of the caller whose deadline has passed, with TIMEOUT', async () => {
    const clock = createManualClock();
    const renewal = Promise.withResolvers<TokenSet>();
    const source = createCachedTokenSource({ clock, renew: () => renewal.promise });
    const patient = source.getToken({ deadline: clock.now() + hour });
    const hurried = errorOf(source.getToken({ deadline: clock.now() + 30_000 }), 'TIMEOUT');
    await clock.advance(30_000);
    expect((await hurried).message).to.equal('No access token was available within 30 s; nothing was sent.');
    renewal.resolve(tokens('late', clock.now(), hour));
    expect((await patient).token.reveal()).to.equal('late');
  });

  it('ends the wait of a caller without a deadline after one minute', async () => {
    const clock = createManualClock();
    const source = createCachedTokenSource({ clock, renew: () => new Promise(() => {}) });
    const waiting = errorOf(source.getToken(), 'TIMEOUT');
    await clock.advance(60_000);
    await waiting;
  });

  it('ends only the wait of the caller that aborts', async () => {
    const { renewals, source } = createFixture();
    const controller = new AbortController();
    const aborted = source.getToken({ signal: controller.signal });
    const waiting = source.getToken();
    controller.abort();
    await errorOf(aborted, 'ABORTED');
    expect((await waiting).token.reveal()).to.equal('token-1');
    await errorOf(source.getToken({ signal: controller.signal }), 'ABORTED');
    expect(renewals).to.have.length(1);
  });
});
