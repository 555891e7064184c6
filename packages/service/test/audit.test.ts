import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAuditLog } from 'dynamics365-connector/node';
import { openService, type ServiceFixture } from './fixture.ts';

describe('service: audit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'd365-service-audit-'));
  let fixture: ServiceFixture;
  let keyId: string;
  before(async () => {
    fixture = await openService({ services: { audit: openAuditLog({ folder }) } });
    keyId = (await fixture.service.keys.list())[0]!.id;
  });
  after(async () => {
    await fixture.close();
    rmSync(folder, { recursive: true });
  });
  const lines = () =>
    readdirSync(folder)
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>);

  it('a write over REST names the API key', async () => {
    await fixture.run('account.create', { name: 'Contoso' });
    expect(lines().at(-1)).to.include({ operation: 'account.create', actor: keyId, outcome: 'done' });
  });

  it('a bulk write names the API key in each line', async () => {
    const before = lines().length;
    const body = ['A', 'B', 'C'].map((name) => JSON.stringify({ name })).join('\n');
    const { status } = await fixture.call('/v1/connections/contoso/bulk/account/create', { body });
    expect(status).to.equal(200);
    const written = lines().slice(before);
    expect(written.map(({ actor }) => actor)).to.deep.equal([keyId, keyId, keyId]);
  });

  it('a tool of MCP names the API key', async () => {
    const before = lines().length;
    const message = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'run_action', arguments: { action: 'account.create', input: { name: 'Contoso' } } },
    };
    const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
    const { text } = await fixture.call('/v1/connections/contoso/mcp', { body: message, headers });
    expect(text).to.contain('"result"');
    expect(
      lines()
        .slice(before)
        .map(({ actor }) => actor),
    ).to.deep.equal([keyId]);
  });
});
