import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { openHost } from '../../examples/own-host.ts';
import type { JsonObject, PollItem } from '../../src/index.ts';

describe('examples/own-host.ts', () => {
  let sandbox: Sandbox;
  let folder: string;

  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    folder = mkdtempSync(join(tmpdir(), 'd365-host-'));
  });
  after(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  const open = () =>
    openHost(join(folder, 'state.sqlite'), (connector) =>
      connector.connect(
        { orgUrl: sandbox.organization.origin },
        { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
        { allowLoopback: true },
      ),
    );

  it('lists forms, runs a job once, and continues polling from its checkpoint after a restart', async () => {
    const deliveredItems: PollItem[] = [];
    const deliver = async (item: PollItem) => void deliveredItems.push(item);
    const first = await open();
    const forms = first.forms as readonly JsonObject[];
    expect(forms.map(({ id }) => id)).to.include('account.create');
    await first.poll('account.created', deliver);
    const rows = [1, 2].map(() => first.run('account.create', { name: 'Fabrikam, Inc.' }, 'job 1'));
    const ids = (await Promise.all(rows)).map(({ output }) => (output as JsonObject).id);
    expect(new Set(ids).size).to.equal(1);
    first.close();

    const second = await open();
    await second.poll('account.created', deliver);
    await second.poll('account.created', deliver);
    expect(deliveredItems.map(({ row }) => row.id)).to.deep.equal([ids[0]]);
    second.close();
  });
});
