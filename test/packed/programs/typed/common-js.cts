import connector365 = require('dynamics365-connector');
import sandbox365 = require('dynamics365-connector-sandbox');

async function main(): Promise<void> {
  const sandbox = await sandbox365.createSandbox();
  const { organization, user } = sandbox;
  const connector = await connector365.loadConnector();
  const client = connector.connect(
    { orgUrl: organization.origin },
    { getToken: async () => ({ token: sandbox.issueToken(user), expiresOnTimestamp: Date.now() + 3_600_000 }) },
    { allowLoopback: true },
  );
  const { output } = await client.run('account.list', { limit: 1 });
  const id: string | undefined = output[0]?.id;
  // @ts-expect-error: no such action
  const wrong = () => client.run('account.lst', {});
  if (id === undefined || wrong.length > 0) throw new Error('the sandbox has accounts');
  await sandbox.close();
  console.log('ok');
}

void main();
