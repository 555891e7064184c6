import { expect } from 'chai';
import { loadConnector } from 'dynamics365-connector';
import { type Connection, openConnection, runtimeOf } from 'dynamics365-connector/host';
import { assumptionReadings, createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { eventProbes } from '../src/assumptions/event-probes.ts';
import { createProbeContext, type Evidence, scrub } from '../src/assumptions/probe.ts';
import { probes } from '../src/assumptions/probes.ts';

describe('d365 check-assumptions', () => {
  let sandbox: Sandbox;
  let connection: Connection;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'sample' }] });
    sandbox.organization.store.addKey('account', 'account_number', ['accountnumber']);
    const connector = await loadConnector();
    const getToken = () => ({ token: sandbox.issueToken() });
    const settings = { orgUrl: sandbox.organization.origin };
    const credential = { kind: 'host', getToken } as const;
    connection = openConnection(runtimeOf(connector), settings, credential, { allowLoopback: true });
  });
  after(() => sandbox.close());

  const countRows = () =>
    ['contact', 'task', 'account', 'annotation'].map(
      (table) => sandbox.organization.store.query(table, { actor }).rows.length,
    );
  const actor = { userId: '' };
  const run = async (assumption: string) => {
    const probe = probes.find((each) => each.assumption === assumption);
    const evidence: Evidence[] = [];
    const finding = await probe?.run(createProbeContext(connection, evidence));
    return { ...finding, evidence };
  };

  const hiddenFromClients = new Set(['deltaTokenCounts', ...eventProbes.map(({ assumption }) => assumption)]);

  it('has a probe for each assumption of the sandbox', () => {
    expect(probes.map(({ assumption }) => assumption)).to.include.members(Object.keys(assumptionReadings));
  });

  for (const [assumption, readings] of Object.entries(assumptionReadings)) {
    if (hiddenFromClients.has(assumption)) {
      it(`${assumption}: says that requests of a client cannot show it`, async () => {
        const { reading, note } = await run(assumption);
        expect([reading, typeof note]).to.deep.equal([undefined, 'string']);
      });
      continue;
    }
    for (const reading of readings) {
      it(`${assumption}: finds the reading "${reading}", and leaves no row behind`, async () => {
        const { assumptions } = sandbox.organization;
        const before = countRows();
        const [standard] = readings;
        Object.assign(assumptions, { [assumption]: reading });
        const found = await run(assumption);
        Object.assign(assumptions, { [assumption]: standard });
        expect(found.reading, JSON.stringify(found)).to.equal(reading);
        expect(countRows()).to.deep.equal(before);
      });
    }
  }

  it('requestLimit: reads the limit of the organization from its headers', async () => {
    expect((await run('requestLimit')).reading).to.equal('8000');
  });

  it('the record of a probe has no ids and no address of the organization', async () => {
    const { evidence } = await run('bulkETag');
    expect(evidence.length).to.be.greaterThan(3);
    const text = JSON.stringify(evidence);
    expect(text).not.to.match(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).not.to.include('127.0.0.1');
    expect(scrub('GET https://contoso.crm.dynamics.com/x?$skiptoken=%3Ccookie%3E rosa@contoso.com')).to.equal(
      'GET {organization}/x?$skiptoken={token} {address}',
    );
    expect(scrub("name eq 'Rosa O''Neil' and n eq 1")).to.equal("name eq '{text}' and n eq 1");
  });
});
