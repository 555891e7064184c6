import { expect } from 'chai';
import { createCachedTokens } from '../../src/auth/cached-tokens.ts';
import type { TokenSet } from '../../src/auth/tokens.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { Secret } from '../../src/model/secret.ts';
import type { AccessToken } from '../../src/model/token.ts';
import { errorOf } from './support/expect-error.ts';
import { createManualClock } from './support/manual-clock.ts';

const hour = 3600_000;

function createStage() {
  const clock = createManualClock();
  const asked: (AccessToken | undefined)[] = [];
  const authority = {
    fail: undefined as ConnectorError | undefined,
    next: () => `token-${asked.length}`,
  };
  const source = createCachedTokens({
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
  return { access: { secret: new Secret(text), expiresAt: now + lifeMs }, refreshAt: now + lifeMs * 0.8 };
}

describe('a token source in memory', () => {
  it('asks once for all who ask at the same time', async () => {
    const { asked, source } = createStage();
    const all = await Promise.all(Array.from({ length: 100 }, () => source.get()));
    expect(new Set(all.map(({ secret }) => secret.reveal()))).to.deep.equal(new Set(['token-1']));
    expect(asked).to.have.length(1);
  });

  it('keeps a token until 80 % of its life, and renews it then', async () => {
    const { asked, clock, source } = createStage();
    await source.get();
    await clock.advance(hour * 0.8 - 1);
    expect((await source.get()).secret.reveal()).to.equal('token-1');
    await clock.advance(1);
    expect((await source.get()).secret.reveal()).to.equal('token-2');
    expect(asked).to.have.length(2);
  });

  it('renews a refused token once for all who had it refused', async () => {
    const { asked, source } = createStage();
    const rejected = await source.get();
    const all = await Promise.all(Array.from({ length: 25 }, () => source.get({ rejected })));
    expect(new Set(all.map(({ secret }) => secret.reveal()))).to.deep.equal(new Set(['token-2']));
    expect(asked).to.deep.equal([undefined, rejected]);
    expect((await source.get({ rejected })).secret.reveal(), 'late comer').to.equal('token-2');
  });

  it('asks again when the renewal that it joined brought just the refused token', async () => {
    const { asked, authority, clock, source } = createStage();
    const first = await source.get();
    await clock.advance(hour * 0.9);
    // As a shared sign-in does while another process refreshes: what is valid still.
    authority.next = () => (asked.at(-1) === undefined ? 'token-1' : 'token-2');
    const joined = source.get();
    const refused = source.get({ rejected: first });
    expect((await joined).secret.reveal()).to.equal('token-1');
    expect((await refused).secret.reveal()).to.equal('token-2');
    expect(asked).to.deep.equal([undefined, undefined, first]);
  });

  it('ends in RECONNECT_NEEDED when there is no token but the refused one', async () => {
    const stage = createStage();
    stage.authority.next = () => 'always the same';
    const rejected = await stage.source.get();
    await errorOf(stage.source.get({ rejected }), 'RECONNECT_NEEDED');
    expect(stage.asked).to.have.length(2);
  });

  it('goes on with the old token, without hurry, while a renewal fails for a passing reason', async () => {
    const stage = createStage();
    await stage.source.get();
    await stage.clock.advance(hour * 0.8);
    stage.authority.fail = new ConnectorError('UNAVAILABLE', 'busy');
    for (let call = 0; call < 20; call += 1) {
      expect((await stage.source.get()).secret.reveal()).to.equal('token-1');
    }
    expect(stage.asked, 'asked once, then rested').to.have.length(2);
    await stage.clock.advance(30_000);
    stage.authority.fail = undefined;
    expect((await stage.source.get()).secret.reveal()).to.equal('token-3');
  });

  it('fails when the old token has expired or was refused, whatever the reason', async () => {
    const stage = createStage();
    const rejected = await stage.source.get();
    stage.authority.fail = new ConnectorError('UNAVAILABLE', 'busy');
    await errorOf(stage.source.get({ rejected }), 'UNAVAILABLE');
    await stage.clock.advance(hour);
    await errorOf(stage.source.get(), 'UNAVAILABLE');
    stage.authority.fail = undefined;
    expect((await stage.source.get()).secret.reveal()).to.match(/^token-/);
  });

  it('lets one caller give up without ending the renewal for the others', async () => {
    const { asked, source } = createStage();
    const controller = new AbortController();
    const impatient = source.get({ signal: controller.signal });
    const patient = source.get();
    controller.abort();
    await errorOf(impatient, 'ABORTED');
    expect((await patient).secret.reveal()).to.equal('token-1');
    await errorOf(source.get({ signal: controller.signal }), 'ABORTED');
    expect(asked).to.have.length(1);
  });
});
