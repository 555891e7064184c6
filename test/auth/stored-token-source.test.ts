import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { decodeClaims } from '../../src/auth/jwt.ts';
import {
  createStoredTokenSource,
  deleteTokens,
  fetchTokenForOtherResource,
  saveTokens,
} from '../../src/auth/stored-token-source.ts';
import { openVault } from '../../src/auth/vault.ts';
import type { StateStore } from '../../src/model/runtime-services.ts';
import { Secret } from '../../src/model/secret.ts';
import { errorOf } from './support/expect-error.ts';
import { createAuthFixture, redirectUri } from './support/fixture.ts';
import { until } from './support/manual-clock.ts';
import { createMemoryKeys } from './support/memory-keys.ts';
import { refusal, scopes } from './support/scripted-authority.ts';

const hour = 3600_000;

/** A signed-in connection, and as many processes with it as a test wants. */
async function signedIn() {
  const fixture = createAuthFixture();
  const vault = await openVault({ store: fixture.store, keys: createMemoryKeys() });
  const { url } = await fixture.signIn.start({ redirectUri });
  await saveTokens(vault, 'contoso', await fixture.signIn.finish(fixture.authority.signIn(url)));
  fixture.authority.forms.length = 0;
  const process = (through = vault) =>
    createStoredTokenSource({
      oauth: fixture.oauth,
      scopes,
      vault: through,
      connection: 'contoso',
      clock: fixture.clock,
      uuid: randomUUID,
    });
  const row = async () => JSON.parse((await fixture.store.get('vault/contoso/tokens'))!.value);
  return { ...fixture, vault, process, row };
}

describe('a token for another place out of the same sign-in', () => {
  const elsewhere = ['offline_access', 'https://globaldisco.crm.dynamics.com/user_impersonation'];

  it('leaves the stored access token, and keeps the refresh token that a strict authority gave for it', async () => {
    const { authority, clock, oauth, vault, process } = await signedIn();
    authority.strictReuse = true;
    const before = await process().getToken();
    const signIn = { oauth, scopes: elsewhere, vault, connection: 'contoso', clock, uuid: randomUUID };
    for (let time = 1; time <= 3; time += 1) {
      const other = await fetchTokenForOtherResource(signIn);
      expect(authority.forms.at(-1)!.scope).to.equal(elsewhere.join(' '));
      expect(other.token.reveal()).not.to.equal(before.token.reveal());
    }
    expect((await process().getToken()).token.reveal()).to.equal(before.token.reveal());
    await clock.advance(hour);
    await process().getToken();
    expect(authority.forms).to.have.length(4);
  });

  it('waits for its turn when others refresh at the same time', async () => {
    const { authority, clock, oauth, vault, process } = await signedIn();
    authority.strictReuse = true;
    await clock.advance(hour);
    const signIn = { oauth, scopes: elsewhere, vault, connection: 'contoso', clock, uuid: randomUUID };
    const done = Promise.all([
      process().getToken(),
      fetchTokenForOtherResource(signIn),
      process().getToken(),
      fetchTokenForOtherResource(signIn),
    ]);
    await drive(clock, done);
    expect(authority.forms).to.have.length(3);
  });

  it('does not end the sign-in when the other place refuses it', async () => {
    const { authority, clock, oauth, vault, process, row } = await signedIn();
    authority.intercept = () => refusal('invalid_grant', 'AADSTS65001: No consent.');
    const signIn = { oauth, scopes: elsewhere, vault, connection: 'contoso', clock, uuid: randomUUID };
    await errorOf(fetchTokenForOtherResource(signIn), 'CONSENT_REQUIRED');
    authority.intercept = undefined;
    expect((await row()).note).to.deep.equal({});
    await clock.advance(hour);
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('comes only from a sign-in that is there', async () => {
    const { clock, oauth, vault } = await signedIn();
    const signIn = { oauth, scopes: elsewhere, vault, connection: 'nobody', clock, uuid: randomUUID };
    await errorOf(fetchTokenForOtherResource(signIn), 'RECONNECT_NEEDED');
  });
});

describe('tokens of a signed-in user', () => {
  it('are fetched anew when the stored one was for another place', async () => {
    const { authority, oauth, vault, clock } = await signedIn();
    const scopes = ['offline_access', 'https://fabrikam.crm.dynamics.com/user_impersonation'];
    const there = { oauth, scopes, vault, connection: 'contoso', clock, uuid: randomUUID };
    const token = await createStoredTokenSource(there).getToken();
    expect(decodeClaims(token.token.reveal())?.aud).to.equal('https://fabrikam.crm.dynamics.com');
    expect(authority.forms).to.have.length(1);
  });

  it('come from the vault without a request while they are fresh', async () => {
    const { authority, process } = await signedIn();
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.deep.equal([]);
  });

  it('are refreshed once by 25 callers in each of 4 processes that share a store', async () => {
    const { authority, clock, process } = await signedIn();
    authority.strictReuse = true;
    for (let expiry = 1; expiry <= 5; expiry += 1) {
      await clock.advance(hour);
      const processes = Array.from({ length: 4 }, () => process());
      const calls = processes.flatMap((source) => Array.from({ length: 25 }, () => source.getToken()));
      const done = Promise.all(calls);
      await drive(clock, done);
      expect(new Set((await done).map(({ token }) => token.reveal())).size).to.equal(1);
      expect(authority.forms, `after ${expiry} expiries`).to.have.length(expiry);
    }
  });

  it('are refreshed once when all processes have the same token refused', async () => {
    const { authority, clock, process } = await signedIn();
    const processes = Array.from({ length: 4 }, () => process());
    const rejected = await processes[0]!.getToken();
    const done = Promise.all(processes.map((source) => source.getToken({ rejectedToken: rejected })));
    await drive(clock, done);
    const [first, ...others] = await done;
    expect(first!.token.reveal()).not.to.equal(rejected.token.reveal());
    for (const other of others) expect(other.token.reveal()).to.equal(first!.token.reveal());
    expect(authority.forms).to.have.length(1);
  });

  it('keep working while another process refreshes them', async () => {
    const { authority, clock, process } = await signedIn();
    const old = await process().getToken();
    await clock.advance(hour * 0.85);
    const answer = Promise.withResolvers<undefined>();
    authority.intercept = () => answer.promise;
    const slow = process().getToken();
    await until(() => authority.forms.length === 1);
    expect((await process().getToken()).token.reveal(), 'old but valid').to.equal(old.token.reveal());
    answer.resolve(undefined);
    expect((await slow).token.reveal()).not.to.equal(old.token.reveal());
    expect(authority.forms).to.have.length(1);
  });

  it('keep the refresh token and the account when an answer does not repeat them', async () => {
    const { authority, clock, process, vault } = await signedIn();
    await clock.advance(hour);
    authority.intercept = () => ({
      status: 200,
      body: { token_type: 'Bearer', access_token: 'new', expires_in: 60 },
    });
    expect((await process().getToken()).token.reveal()).to.equal('new');
    const stored = JSON.parse(
      (await vault.read({ connection: 'contoso', field: 'tokens' }))!.secret.reveal(),
    );
    expect(stored.refresh).to.match(/^refresh-/);
    expect(stored.account.name).to.equal('Adele Vance');
  });

  it('say that nobody has signed in, before and after', async () => {
    const { process, vault } = await signedIn();
    await deleteTokens(vault, 'contoso');
    const error = await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(error.message).to.contain('Nobody has signed in');
  });
});

describe('a process that dies in the middle of a refresh', () => {
  it('before the call: another goes on when the lease is over, and not before', async () => {
    const { authority, clock, process, store } = await signedIn();
    await clock.advance(hour);
    authority.intercept = () => new Promise(() => {});
    process(await diesBeforeWriting(store))
      .getToken()
      .catch(() => {});
    await until(() => authority.forms.length === 1);
    authority.intercept = undefined;
    const other = process().getToken();
    await clock.advance(29_999);
    expect(authority.forms, 'while the lease lasts').to.have.length(1);
    await drive(clock, other);
    expect((await other).token.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.have.length(2);
  });

  it('between answer and write: an authority like Entra gives one more, and all is well', async () => {
    const { authority, clock, process, store } = await signedIn();
    await clock.advance(hour);
    process(await diesBeforeWriting(store))
      .getToken()
      .catch(() => {});
    await until(() => authority.forms.length === 1);
    const other = process().getToken();
    await drive(clock, other);
    expect((await other).token.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.have.length(2);
  });

  it('between answer and write: an authority with reuse detection ends in one RECONNECT_NEEDED, without a loop', async () => {
    const { authority, clock, process, store } = await signedIn();
    authority.strictReuse = true;
    await clock.advance(hour);
    process(await diesBeforeWriting(store))
      .getToken()
      .catch(() => {});
    await until(() => authority.forms.length === 1);
    const others = Promise.allSettled(Array.from({ length: 4 }, () => process().getToken()));
    await drive(clock, others);
    for (const result of await others) {
      expect(result.status === 'rejected' && result.reason.code).to.equal('RECONNECT_NEEDED');
    }
    await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(authority.forms, 'the dead one, and one after it').to.have.length(2);
  });

  it('a zombie that answers after its lease does not write over its successor', async () => {
    const { authority, clock, process, row, vault } = await signedIn();
    await clock.advance(hour);
    const late = Promise.withResolvers<undefined>();
    authority.intercept = () => late.promise;
    // The zombie's clock stands still, so nothing ends its request.
    const zombie = process().getToken();
    await until(() => authority.forms.length === 1);
    authority.intercept = undefined;
    const stored = (await vault.read({ connection: 'contoso', field: 'tokens' }))!;
    await vault.replace(
      { connection: 'contoso', field: 'tokens' },
      { secret: stored.secret, note: { lease: 'stolen', leasedUntil: 0 } },
      stored.version,
    );
    const successor = await process().getToken();
    late.resolve(undefined);
    expect((await zombie).token.reveal(), 'the zombie takes what its successor got').to.equal(
      successor.token.reveal(),
    );
    expect((await row()).note).to.deep.equal({});
  });
});

describe('a sign-in that the authority ends', () => {
  it('is asked about once, and then said to be over without another request', async () => {
    const { authority, clock, process } = await signedIn();
    await clock.advance(hour);
    authority.intercept = () =>
      refusal('invalid_grant', 'AADSTS700082: The refresh token has expired due to inactivity.');
    const error = await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(error.message).to.contain('not used for a long time');
    expect(error.details.serverCode).to.equal('AADSTS700082');
    for (let call = 0; call < 5; call += 1) await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(authority.forms).to.have.length(1);
  });

  it('works on with the access token while that lasts', async () => {
    const { authority, clock, process } = await signedIn();
    await clock.advance(hour * 0.9);
    authority.intercept = () => refusal('invalid_grant', 'AADSTS50173: revoked');
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
    await clock.advance(hour * 0.1);
    await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(authority.forms).to.have.length(1);
  });

  it('works again after a new sign-in', async () => {
    const { authority, clock, process, signIn, vault } = await signedIn();
    await clock.advance(hour);
    authority.intercept = () => refusal('invalid_grant', 'AADSTS50173: revoked');
    const source = process();
    await errorOf(source.getToken(), 'RECONNECT_NEEDED');
    authority.intercept = undefined;
    const { url } = await signIn.start({ redirectUri });
    await saveTokens(vault, 'contoso', await signIn.finish(authority.signIn(url)));
    expect((await source.getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('is not called over when somebody else has refreshed it meanwhile', async () => {
    const { authority, clock, process, signIn, vault } = await signedIn();
    await clock.advance(hour);
    authority.intercept = async ({ grant_type }) => {
      if (grant_type !== 'refresh_token') return undefined;
      const { url } = await signIn.start({ redirectUri });
      await saveTokens(vault, 'contoso', await signIn.finish(authority.signIn(url)));
      return refusal('invalid_grant', 'AADSTS70000: The refresh token is not valid.');
    };
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('gives its lease back after a passing failure, so that the next call tries at once', async () => {
    const { authority, clock, process, row } = await signedIn();
    await clock.advance(hour);
    authority.intercept = () => ({ status: 503, body: '' });
    await errorOf(process().getToken(), 'UNAVAILABLE');
    expect((await row()).note).to.deep.equal({});
    authority.intercept = undefined;
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('is not called over by a wrong client secret, which an administrator repairs', async () => {
    const { authority, clock, process } = await signedIn();
    await clock.advance(hour);
    authority.intercept = () =>
      refusal('invalid_client', 'AADSTS7000222: The provided client secret keys are expired.');
    await errorOf(process().getToken(), 'SECRET_EXPIRED');
    authority.intercept = undefined;
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('says what was forgotten when it brought no refresh token', async () => {
    const { clock, process, vault } = await signedIn();
    const row = (await vault.read({ connection: 'contoso', field: 'tokens' }))!;
    const { refresh: _, ...rest } = JSON.parse(row.secret.reveal());
    await vault.write({ connection: 'contoso', field: 'tokens' }, new Secret(JSON.stringify(rest)));
    await clock.advance(hour * 0.9);
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
    await clock.advance(hour * 0.1);
    const error = await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(error.advice).to.contain('offline_access');
  });
});

describe('a rotation of the vault’s key in the middle of a refresh', () => {
  it('does not lose the answer', async () => {
    const { authority, clock, process, store } = await signedIn();
    await clock.advance(hour);
    authority.intercept = async () => {
      await (await openVault({ store, keys: createMemoryKeys('new', 'old') })).rotate();
      return undefined;
    };
    const both = await openVault({ store, keys: createMemoryKeys('new', 'old') });
    expect((await process(both).getToken()).token.reveal()).to.match(/^eyJ/);
    authority.intercept = () => {
      throw new Error('no second request');
    };
    expect((await process(both).getToken()).token.reveal()).to.match(/^eyJ/);
  });
});

/** Moves time on in small steps until the work is done. */
async function drive(clock: { advance(ms: number): Promise<void> }, work: Promise<unknown>): Promise<void> {
  let done = false;
  const finish = () => {
    done = true;
  };
  work.then(finish, finish);
  for (let step = 0; step < 1000 && !done; step += 1) await clock.advance(250);
}

/** A vault through which a process takes its lease, and then never writes again. */
async function diesBeforeWriting(store: StateStore) {
  let alive = true;
  const dying: StateStore = {
    ...store,
    async replace(key, value, expected) {
      if (!alive) return new Promise(() => {});
      alive = false;
      return store.replace(key, value, expected);
    },
  };
  return openVault({ store: dying, keys: createMemoryKeys() });
}
