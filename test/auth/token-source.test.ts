import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { authorityOf } from '../../src/auth/authority.ts';
import { keepTokens } from '../../src/auth/stored-tokens.ts';
import { type Credential, createTokenSource } from '../../src/auth/token-source.ts';
import { openVault } from '../../src/auth/vault.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { scopes, tenantId } from './support/authority.ts';
import { errorOf } from './support/expect-error.ts';
import { memoryKeys } from './support/memory-keys.ts';
import { createStage, environment, redirectUri } from './support/stage.ts';

describe('the token source of a credential', () => {
  async function open(
    credentialOf: (stage: ReturnType<typeof createStage>) => Credential | Promise<Credential>,
  ) {
    const stage = createStage();
    const found = { times: 0, fail: false };
    const source = createTokenSource(await credentialOf(stage), {
      async authority() {
        found.times += 1;
        if (found.fail) throw new ConnectorError('NETWORK', 'The organisation could not be reached.');
        return authorityOf(environment, tenantId);
      },
      scopes,
      world: { send: stage.authority.send, clock: stage.clock, uuid: randomUUID },
    });
    stage.authority.forms.length = 0;
    return { ...stage, found, source };
  }

  it('sends nothing until a token is needed, and finds the authority once', async () => {
    const { authority, found, source } = await open(({ app }) => ({ kind: 'app', app }));
    expect([found.times, authority.requests.length]).to.deep.equal([0, 0]);
    await Promise.all([source.get(), source.get()]);
    await source.get();
    expect([found.times, authority.requests.length]).to.deep.equal([1, 1]);
  });

  it('looks for the authority again after it could not be found', async () => {
    const { found, source } = await open(({ app }) => ({ kind: 'app', app }));
    found.fail = true;
    await errorOf(source.get(), 'NETWORK');
    found.fail = false;
    expect((await source.get()).secret.reveal()).to.match(/^eyJ/);
  });

  it('serves a signed-in user from the vault', async () => {
    const { authority, source } = await open(async (stage) => {
      const vault = await openVault({ store: stage.store, keys: memoryKeys() });
      const { url } = await stage.signIn.start({ redirectUri });
      await keepTokens(vault, 'contoso', await stage.signIn.finish(stage.authority.signIn(url)));
      return { kind: 'user', app: stage.app, vault, connection: 'contoso' };
    });
    expect((await source.get()).secret.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.deep.equal([]);
  });

  it('serves what the host brings, and needs no authority for it', async () => {
    const { found, source } = await open(() => ({ kind: 'host', bring: () => ({ token: 'brought' }) }));
    expect((await source.get()).secret.reveal()).to.equal('brought');
    expect(found.times).to.equal(0);
  });
});
