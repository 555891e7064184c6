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
  const asked: (AccessToken | undefined)[] = [];
  const authority = {
    fail: undefined as ConnectorError | undefined,
    next: () => `token-${asked.length}`,
  };
  const source = createCachedTokenSource({
    clock,
    async renew(rejected) {
      asked.push(rejected);
      await Promise.resolve();
      if (authority.fail !== undefined) throw authority.fail;
      return tokens(authority.next(), clock.now(), hour);
    },
  });
  return { clock, asked, authority, source };
}

function tokens(text: string, now: number, lifeMs: number): TokenSet {
  return { accessToken: { token: new Secret(text), expiresAt: now + lifeMs }, refreshAt: now + lifeMs * 0.8 };
}

describe('a token source in memory', () => {
  it('asks once for all who ask at the same time', async () => {
    const { asked, source } = createFixture();
    const all = await Promise.all(Array.from({ length: 100 }, () => source.getToken()));
    expect(new Set(all.map(({ token }) => token.reveal()))).to.deep.equal(new Set(['token-1']));
    expect(asked).to.have.length(1);
  });

  it('keeps a token until 80 % of its life, and renews it then', async () => {
    const { asked, clock, source } = createFixture();
    await source.getToken();
    await clock.advance(hour * 0.8 - 1);
    expect((await source.getToken()).token.reveal()).to.equal('token-1');
    await clock.advance(1);
    expect((await source.getToken()).token.reveal()).to.equal('token-2');
    expect(asked).to.have.length(2);
  });

  it('renews a refused token once for all who had it refused', async () => {
    const { asked, source } = createFixture();
    const rejected = await source.getToken();
    const all = await Promise.all(
      Array.from({ length: 25 }, () => source.getToken({ rejectedToken: rejected })),
    );
    expect(new Set(all.map(({ token }) => token.reveal()))).to.deep.equal(new Set(['token-2']));
    expect(asked).to.deep.equal([undefined, rejected]);
    expect((await source.getToken({ rejectedToken: rejected })).token.reveal(), 'late comer').to.equal(
      'token-2',
    );
  });

  it('asks again when the renewal that it joined brought just the refused token', async () => {
    const { asked, authority, clock, source } = createFixture();
    const first = await source.getToken();
    await clock.advance(hour * 0.9);
    // As a shared sign-in does while another process refreshes: what is valid still.
    authority.next = () => (asked.at(-1) === undefined ? 'token-1' : 'token-2');
    const joined = source.getToken();
    const refused = source.getToken({ rejectedToken: first });
    expect((await joined).token.reveal()).to.equal('token-1');
    expect((await refused).token.reveal()).to.equal('token-2');
    expect(asked).to.deep.equal([undefined, undefined, first]);
  });

  it('ends in RECONNECT_NEEDED when there is no token but the refused one', async () => {
    const fixture = createFixture();
    fixture.authority.next = () => 'always the same';
    const rejected = await fixture.source.getToken();
    await errorOf(fixture.source.getToken({ rejectedToken: rejected }), 'RECONNECT_NEEDED');
    expect(fixture.asked).to.have.length(2);
  });

  it('goes on with the old token, without hurry, while a renewal fails for a passing reason', async () => {
    const fixture = createFixture();
    await fixture.source.getToken();
    await fixture.clock.advance(hour * 0.8);
    fixture.authority.fail = new ConnectorError('UNAVAILABLE', 'busy');
    for (let call = 0; call < 20; call += 1) {
      expect((await fixture.source.getToken()).token.reveal()).to.equal('token-1');
    }
    expect(fixture.asked, 'asked once, then rested').to.have.length(2);
    await fixture.clock.advance(30_000);
    fixture.authority.fail = undefined;
    expect((await fixture.source.getToken()).token.reveal()).to.equal('token-3');
  });

  it('fails when the old token has expired or was refused, whatever the reason', async () => {
    const fixture = createFixture();
    const rejected = await fixture.source.getToken();
    fixture.authority.fail = new ConnectorError('UNAVAILABLE', 'busy');
    await errorOf(fixture.source.getToken({ rejectedToken: rejected }), 'UNAVAILABLE');
    await fixture.clock.advance(hour);
    await errorOf(fixture.source.getToken(), 'UNAVAILABLE');
    fixture.authority.fail = undefined;
    expect((await fixture.source.getToken()).token.reveal()).to.match(/^token-/);
  });

  it('lets one caller give up without ending the renewal for the others', async () => {
    const { asked, source } = createFixture();
    const controller = new AbortController();
    const impatient = source.getToken({ signal: controller.signal });
    const patient = source.getToken();
    controller.abort();
    await errorOf(impatient, 'ABORTED');
    expect((await patient).token.reveal()).to.equal('token-1');
    await errorOf(source.getToken({ signal: controller.signal }), 'ABORTED');
    expect(asked).to.have.length(1);
  });
});
