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
import { entraError, scopes } from './support/scripted-authority.ts';

const hour = 3600_000;

/** A signed-in connection, and a function that creates a token source for it like another process. */
async function createSignedInFixture() {
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

describe('fetchTokenForOtherResource', () => {
  const otherScopes = ['offline_access', 'https://globaldisco.crm.dynamics.com/user_impersonation'];

  it('keeps the stored access token, and stores the new refresh token', async () => {
    const { authority, clock, oauth, vault, process } = await createSignedInFixture();
    authority.strictReuse = true;
    const before = await process().getToken();
    const signIn = { oauth, scopes: otherScopes, vault, connection: 'contoso', clock, uuid: randomUUID };
    for (let time = 1; time <= 3; time += 1) {
      const other = await fetchTokenForOtherResource(signIn);
      expect(authority.forms.at(-1)!.scope).to.equal(otherScopes.join(' '));
      expect(other.token.reveal()).not.to.equal(before.token.reveal());
    }
    expect((await process().getToken()).token.reveal()).to.equal(before.token.reveal());
    await clock.advance(hour);
    await process().getToken();
    expect(authority.forms).to.have.length(4);
  });

  it('waits for the lease when other processes refresh at the same time', async () => {
    const { authority, clock, oauth, vault, process } = await createSignedInFixture();
    authority.strictReuse = true;
    await clock.advance(hour);
    const signIn = { oauth, scopes: otherScopes, vault, connection: 'contoso', clock, uuid: randomUUID };
    const done = Promise.all([
      process().getToken(),
      fetchTokenForOtherResource(signIn),
      process().getToken(),
      fetchTokenForOtherResource(signIn),
    ]);
    await drive(clock, done);
    expect(authority.forms).to.have.length(3);
  });

  it('does not end the sign-in when the authority rejects the other resource', async () => {
    const { authority, clock, oauth, vault, process, row } = await createSignedInFixture();
    authority.intercept = () => entraError('invalid_grant', 'AADSTS65001: No consent.');
    const signIn = { oauth, scopes: otherScopes, vault, connection: 'contoso', clock, uuid: randomUUID };
    await errorOf(fetchTokenForOtherResource(signIn), 'CONSENT_REQUIRED');
    authority.intercept = undefined;
    expect((await row()).note).to.deep.equal({});
    await clock.advance(hour);
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('throws RECONNECT_NEEDED without a sign-in', async () => {
    const { clock, oauth, vault } = await createSignedInFixture();
    const signIn = { oauth, scopes: otherScopes, vault, connection: 'unknown', clock, uuid: randomUUID };
    await errorOf(fetchTokenForOtherResource(signIn), 'RECONNECT_NEEDED');
  });
});

describe('createStoredTokenSource', () => {
  it('requests a token when the stored one has other scopes', async () => {
    const { authority, oauth, vault, clock } = await createSignedInFixture();
    const scopes = ['offline_access', 'https://fabrikam.crm.dynamics.com/user_impersonation'];
    const signIn = { oauth, scopes, vault, connection: 'contoso', clock, uuid: randomUUID };
    const token = await createStoredTokenSource(signIn).getToken();
    expect(decodeClaims(token.token.reveal())?.aud).to.equal('https://fabrikam.crm.dynamics.com');
    expect(authority.forms).to.have.length(1);
  });

  it('returns a fresh token from the vault without a request', async () => {
    const { authority, process } = await createSignedInFixture();
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.deep.equal([]);
  });

  it('refreshes once for 25 callers in each of 4 processes that share a store', async () => {
    const { authority, clock, process } = await createSignedInFixture();
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

  it('refreshes once when the same token is rejected in all processes', async () => {
    const { authority, clock, process } = await createSignedInFixture();
    const processes = Array.from({ length: 4 }, () => process());
    const rejected = await processes[0]!.getToken();
    const done = Promise.all(processes.map((source) => source.getToken({ rejectedToken: rejected })));
    await drive(clock, done);
    const [first, ...others] = await done;
    expect(first!.token.reveal()).not.to.equal(rejected.token.reveal());
    for (const other of others) expect(other.token.reveal()).to.equal(first!.token.reveal());
    expect(authority.forms).to.have.length(1);
  });

  it('returns the old token while another process refreshes it', async () => {
    const { authority, clock, process } = await createSignedInFixture();
    const old = await process().getToken();
    await clock.advance(hour * 0.85);
    const response = Promise.withResolvers<undefined>();
    authority.intercept = () => response.promise;
    const slow = process().getToken();
    await until(() => authority.forms.length === 1);
    expect((await process().getToken()).token.reveal(), 'old but valid').to.equal(old.token.reveal());
    response.resolve(undefined);
    expect((await slow).token.reveal()).not.to.equal(old.token.reveal());
    expect(authority.forms).to.have.length(1);
  });

  it('keeps refresh token and account when a response does not contain them', async () => {
    const { authority, clock, process, vault } = await createSignedInFixture();
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

  it('throws RECONNECT_NEEDED after the tokens were deleted', async () => {
    const { process, vault } = await createSignedInFixture();
    await deleteTokens(vault, 'contoso');
    const error = await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(error.message).to.contain('No user has signed in');
  });
});

describe('createStoredTokenSource: a process dies during a refresh', () => {
  it('before the request: another process refreshes when the lease has expired, and not before', async () => {
    const { authority, clock, process, store } = await createSignedInFixture();
    await clock.advance(hour);
    authority.intercept = () => new Promise(() => {});
    process(await openVaultThatDies(store))
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

  it('ignores the lease of a process whose clock ran ahead', async () => {
    const { authority, clock, process, vault } = await createSignedInFixture();
    await clock.advance(hour);
    const row = (await vault.read({ connection: 'contoso', field: 'tokens' }))!;
    const note = { lease: 'dead', leasedUntil: clock.now() + 24 * hour };
    const key = { connection: 'contoso', field: 'tokens' } as const;
    await vault.replace(key, { secret: row.secret, note }, row.version);
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.have.length(1);
  });

  it('between response and write: another process refreshes once more (authority like Entra)', async () => {
    const { authority, clock, process, store } = await createSignedInFixture();
    await clock.advance(hour);
    process(await openVaultThatDies(store))
      .getToken()
      .catch(() => {});
    await until(() => authority.forms.length === 1);
    const other = process().getToken();
    await drive(clock, other);
    expect((await other).token.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.have.length(2);
  });

  it('between response and write: RECONNECT_NEEDED after one more request (authority with reuse detection)', async () => {
    const { authority, clock, process, store } = await createSignedInFixture();
    authority.strictReuse = true;
    await clock.advance(hour);
    process(await openVaultThatDies(store))
      .getToken()
      .catch(() => {});
    await until(() => authority.forms.length === 1);
    const others = Promise.allSettled(Array.from({ length: 4 }, () => process().getToken()));
    await drive(clock, others);
    for (const result of await others) {
      expect(result.status === 'rejected' && result.reason.code).to.equal('RECONNECT_NEEDED');
    }
    await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(authority.forms, 'the request of the dead process, and one more').to.have.length(2);
  });

  it('a process whose lease has expired does not overwrite newer tokens', async () => {
    const { authority, clock, process, row, vault } = await createSignedInFixture();
    await clock.advance(hour);
    const late = Promise.withResolvers<undefined>();
    authority.intercept = () => late.promise;
    // The clock does not move, so the request has no timeout.
    const slow = process().getToken();
    await until(() => authority.forms.length === 1);
    authority.intercept = undefined;
    const stored = (await vault.read({ connection: 'contoso', field: 'tokens' }))!;
    await vault.replace(
      { connection: 'contoso', field: 'tokens' },
      { secret: stored.secret, note: { lease: 'stolen', leasedUntil: 0 } },
      stored.version,
    );
    const newer = await process().getToken();
    late.resolve(undefined);
    expect((await slow).token.reveal(), 'the slow process returns the newer token').to.equal(
      newer.token.reveal(),
    );
    expect((await row()).note).to.deep.equal({});
  });
});

describe('createStoredTokenSource: the authority ends a sign-in', () => {
  it('sends one request, then throws RECONNECT_NEEDED without another one', async () => {
    const { authority, clock, process } = await createSignedInFixture();
    await clock.advance(hour);
    authority.intercept = () =>
      entraError('invalid_grant', 'AADSTS700082: The refresh token has expired due to inactivity.');
    const error = await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(error.message).to.contain('not used for a long time');
    expect(error.details.serverCode).to.equal('AADSTS700082');
    for (let call = 0; call < 5; call += 1) await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(authority.forms).to.have.length(1);
  });

  it('returns the access token as long as it is valid', async () => {
    const { authority, clock, process } = await createSignedInFixture();
    await clock.advance(hour * 0.9);
    authority.intercept = () => entraError('invalid_grant', 'AADSTS50173: revoked');
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
    await clock.advance(hour * 0.1);
    await errorOf(process().getToken(), 'RECONNECT_NEEDED');
    expect(authority.forms).to.have.length(1);
  });

  it('returns tokens again after a new sign-in', async () => {
    const { authority, clock, process, signIn, vault } = await createSignedInFixture();
    await clock.advance(hour);
    authority.intercept = () => entraError('invalid_grant', 'AADSTS50173: revoked');
    const source = process();
    await errorOf(source.getToken(), 'RECONNECT_NEEDED');
    authority.intercept = undefined;
    const { url } = await signIn.start({ redirectUri });
    await saveTokens(vault, 'contoso', await signIn.finish(authority.signIn(url)));
    expect((await source.getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('returns newer tokens when another process has stored them during the request', async () => {
    const { authority, clock, process, signIn, vault } = await createSignedInFixture();
    await clock.advance(hour);
    authority.intercept = async ({ grant_type }) => {
      if (grant_type !== 'refresh_token') return undefined;
      const { url } = await signIn.start({ redirectUri });
      await saveTokens(vault, 'contoso', await signIn.finish(authority.signIn(url)));
      return entraError('invalid_grant', 'AADSTS70000: The refresh token is not valid.');
    };
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('releases its lease after a retryable error', async () => {
    const { authority, clock, process, row } = await createSignedInFixture();
    await clock.advance(hour);
    authority.intercept = () => ({ status: 503, body: '' });
    await errorOf(process().getToken(), 'UNAVAILABLE');
    expect((await row()).note).to.deep.equal({});
    authority.intercept = undefined;
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('does not end the sign-in when the client secret has expired', async () => {
    const { authority, clock, process } = await createSignedInFixture();
    await clock.advance(hour);
    authority.intercept = () =>
      entraError('invalid_client', 'AADSTS7000222: The provided client secret keys are expired.');
    await errorOf(process().getToken(), 'SECRET_EXPIRED');
    authority.intercept = undefined;
    expect((await process().getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('advises the scope offline_access when there is no refresh token', async () => {
    const { clock, process, vault } = await createSignedInFixture();
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

describe('createStoredTokenSource: the vault is rotated during a refresh', () => {
  it('stores the new tokens', async () => {
    const { authority, clock, process, store } = await createSignedInFixture();
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

/** Moves the clock in small steps until the work is done. */
async function drive(clock: { advance(ms: number): Promise<void> }, work: Promise<unknown>): Promise<void> {
  let done = false;
  const finish = () => {
    done = true;
  };
  work.then(finish, finish);
  for (let step = 0; step < 1000 && !done; step += 1) await clock.advance(250);
}

/** Opens a vault for a process that takes its lease, and dies before the next write. */
async function openVaultThatDies(store: StateStore) {
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
