import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { readAccount } from '../../../src/auth/stored-token-source.ts';
import { runtimeOf } from '../../../src/client/connector.ts';
import { loadConnector, openVault, type UserSignIn } from '../../../src/index.ts';
import { errorOf } from '../support/expect-error.ts';
import { createMemoryKeys } from '../support/memory-keys.ts';

type Prompt = Parameters<Parameters<UserSignIn['withDevice']>[0]>[0];

/** The sandbox's authority, polled once a second. */
describe('device code: races', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await createSandbox({
      organizations: [{ name: 'contoso', data: 'empty' }],
      apps: [{ name: 'public' }],
      users: [{ name: 'rosa@contoso.example' }, { name: 'emil@contoso.example' }],
      lifetimes: { devicePollSeconds: 1 },
    });
  });
  after(() => sandbox.close());

  async function openConnection() {
    const connector = await loadConnector();
    const vault = await openVault({ store: runtimeOf(connector).services.store, keys: createMemoryKeys() });
    const user = { app: { clientId: sandbox.app.clientId }, vault, connection: 'contoso' };
    const settings = { orgUrl: sandbox.organization.origin, tenant: sandbox.authority.tenantId };
    const options = { allowLoopback: true, localAuthority: sandbox.authority.url };
    const signIn = connector.signIn(settings, user, options);
    const check = () => connector.connect(settings, { kind: 'user', ...user }, options).check();
    const readTokens = () => vault.read({ connection: 'contoso', field: 'tokens' });
    const account = () => readAccount(vault, 'contoso');
    return { signIn, check, readTokens, account };
  }

  /** Starts a sign-in on another device; `prompt` is its code, `done` its end. */
  function start(signIn: UserSignIn, options?: Parameters<UserSignIn['withDevice']>[1]) {
    const { promise: prompt, resolve } = Promise.withResolvers<Prompt>();
    return { prompt, done: signIn.withDevice(resolve, options) };
  }

  it('two sign-ins of one connection end with one of them, complete: no account of one with tokens of the other', async () => {
    const { signIn, check, account } = await openConnection();
    const [first, second] = [start(signIn), start(signIn)];
    const [rosa, emil] = sandbox.users as [(typeof sandbox.users)[number], (typeof sandbox.users)[number]];
    await sandbox.approveDevice(await second.prompt, emil);
    await sandbox.approveDevice(await first.prompt, rosa);
    const accounts = await Promise.all([first.done, second.done]);
    expect(accounts.map(({ userName }) => userName)).to.deep.equal([rosa.name, emil.name]);
    const { userId } = await check();
    const saved = await account();
    expect(userId).to.equal(
      sandbox.organization.findSystemUserId(saved?.userName === rosa.name ? rosa : emil),
    );
  });

  it('a code that was approved after the sign-in was canceled signs nobody in', async () => {
    const { signIn, readTokens } = await openConnection();
    const stop = new AbortController();
    const { prompt, done } = start(signIn, { signal: stop.signal });
    const device = await prompt;
    stop.abort();
    await errorOf(done, 'ABORTED');
    await sandbox.approveDevice(device, sandbox.user);
    expect(await readTokens()).to.equal(undefined);
  });

  it('a code cannot be approved twice, and a foreign code signs nobody in here', async () => {
    const [own, attacker] = [await openConnection(), await openConnection()];
    const victim = start(own.signIn);
    const foreign = start(attacker.signIn);
    await sandbox.approveDevice(await foreign.prompt, sandbox.user);
    await foreign.done;
    expect(await own.readTokens()).to.equal(undefined);
    const device = await victim.prompt;
    await sandbox.approveDevice(device, sandbox.user);
    await victim.done;
    const again = await sandbox.approveDevice(device, sandbox.users[1]!).then(
      () => 'approved',
      () => 'refused',
    );
    expect(again).to.equal('refused');
    expect((await own.account())?.userName).to.equal(sandbox.user.name);
  });
});
