import { expect } from 'chai';
import { ConnectorError, type JsonObject, type RowReport, type WriteJob } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';
import { createSteadyClock } from '../../support/steady-clock.ts';

/** Writes many rows to the sandbox by each route, with and without injected faults. */
describe('client.writeMany', () => {
  const clock = createSteadyClock({ stepMs: 50 });
  let fixture: SandboxClient;

  before(async () => {
    fixture = await openSandboxClient({}, { clock });
    fixture.sandbox.organization.store.addKey('contact', 'contact_email', ['emailaddress1']);
  });
  after(async () => {
    await fixture.close();
    clock.close();
  });
  afterEach(() => fixture.sandbox.organization.faults.clear());

  const people = (count: number, tag: string): JsonObject[] =>
    Array.from({ length: count }, (_, at) => ({
      lastName: `${tag} ${at}`,
      email: `${tag}${at}@example.com`,
    }));
  const write = async (job: WriteJob): Promise<readonly RowReport[]> => {
    const reports: RowReport[] = [];
    for await (const report of fixture.client.writeMany(job)) reports.push(report);
    return reports;
  };
  const count = async (search: string) =>
    (await fixture.client.run('contact.count', { search })).output as number;
  const failed = (reports: readonly RowReport[]) => reports.filter(({ error }) => error !== undefined);

  for (const route of ['single', 'batch', 'message'] as const) {
    it(`creates, updates and upserts by ${route}, and reports every row in order`, async () => {
      const rowCount = route === 'single' ? 60 : 603;
      const rows = people(rowCount, route);
      const created = await write({ table: 'contact', verb: 'create', rows, route });
      expect(created.map(({ index }) => index)).to.deep.equal(rows.map((_, at) => at));
      expect(failed(created)).to.deep.equal([]);
      expect(await count(`${route} `)).to.equal(rowCount);
      const changes = created.map(({ id }) => ({ id: id!, jobTitle: 'Buyer' }));
      expect(failed(await write({ table: 'contact', verb: 'update', rows: changes, route }))).to.deep.equal(
        [],
      );
      const again = rows.map((row) => ({ ...row, city: 'Berlin' }));
      const more = [...again, { lastName: `${route} new`, email: `${route}-new@example.com` }];
      const upserted = await write({
        table: 'contact',
        verb: 'upsert',
        matchOn: ['email'],
        rows: more,
        route,
      });
      expect(failed(upserted)).to.deep.equal([]);
      expect(await count(`${route} `)).to.equal(rowCount + 1);
      const stored = fixture.sandbox.organization.store.read('contact', created[rowCount - 3]!.id!)!.values;
      expect(stored).to.include({
        jobtitle: 'Buyer',
        address1_city: 'Berlin',
        lastname: `${route} ${rowCount - 3}`,
      });
    });
  }

  it('upserts new and existing rows by an alternate key in a bulk message', async () => {
    const rows: JsonObject[] = [
      ...people(30, 'keyed'),
      { lastName: "keyed o'neil", email: "o'neil@example.com" },
    ];
    const job = { table: 'contact', verb: 'upsert', matchOn: ['email'], route: 'message' } as const;
    const { faults } = fixture.sandbox.organization;
    const always = { kind: 'status', status: 400, times: Number.POSITIVE_INFINITY } as const;
    faults.add({ ...always, path: 'batch' });
    faults.add({ ...always, method: 'PATCH' });
    expect(failed(await write({ ...job, rows }))).to.deep.equal([]);
    expect(
      failed(await write({ ...job, rows: rows.map((row) => ({ ...row, city: 'Bonn' })) })),
    ).to.deep.equal([]);
    const stored = await fixture.client.run('contact.list', { email: "o'neil@example.com" });
    expect(stored.output).to.have.length(1);
    expect(await count('keyed ')).to.equal(rows.length);
  });

  it('reports the error of each invalid row and writes the others', async () => {
    const rows: JsonObject[] = people(40, 'mixed');
    rows[7] = { firstName: 'no last name' };
    rows[21] = { lastName: 'mixed taken', email: 'mixed3@example.com' };
    const reports = await write({ table: 'contact', verb: 'create', rows });
    expect(failed(reports).map(({ index, error }) => [index, error!.code])).to.deep.equal([
      [7, 'INPUT_INVALID'],
      [21, 'DUPLICATE'],
    ]);
    expect(failed(reports)[0]!.error!.message).to.match(/^\/7.*lastName/);
    expect(await count('mixed ')).to.equal(38);
  });

  it('sends a few rows one by one, and uses batches for a table without the bulk message', async () => {
    const { faults } = fixture.sandbox.organization;
    faults.add({ kind: 'status', status: 500, path: 'batch', times: Number.POSITIVE_INFINITY });
    faults.add({ kind: 'status', status: 500, path: 'Multiple', times: Number.POSITIVE_INFINITY });
    expect(failed(await write({ table: 'contact', verb: 'create', rows: people(3, 'few') }))).to.deep.equal(
      [],
    );
    faults.clear();
    faults.add({ kind: 'status', status: 501, path: 'Multiple', times: Number.POSITIVE_INFINITY });
    expect(failed(await write({ table: 'contact', verb: 'create', rows: people(30, 'old') }))).to.deep.equal(
      [],
    );
    expect(await count('old ')).to.equal(30);
  });

  it('creates each row once although connections break', async () => {
    const { faults } = fixture.sandbox.organization;
    const lost = { kind: 'reset', atByte: 0, method: 'POST' } as const;
    faults.add({ ...lost, times: 3 });
    faults.add({ ...lost, probability: 0.2, times: Number.POSITIVE_INFINITY });
    const job = { table: 'contact', verb: 'create', key: 'line', rows: people(620, 'line') } as const;
    for (let round = 0; round < 30; round++) {
      try {
        expect(failed(await write(job))).to.deep.equal([]);
        break;
      } catch (error) {
        expect(error).to.be.instanceOf(ConnectorError);
      }
    }
    faults.clear();
    expect(await count('line ')).to.equal(620);
  });

  it('resumes a job with its key, reports progress, and writes nothing twice', async () => {
    const rows = people(1700, 'resume');
    const seen: number[] = [];
    const job: WriteJob = {
      table: 'contact',
      verb: 'create',
      key: 'resume',
      rows,
      concurrency: 2,
      onProgress: ({ written }) => seen.push(written),
    };
    for await (const { index } of fixture.client.writeMany(job)) if (index === 600) break;
    const rest = await write(job);
    expect(rest[0]!.index).to.be.within(501, 1000);
    expect(rest.at(-1)!.index).to.equal(1699);
    expect(seen.at(-1)).to.equal(1700);
    expect(await write(job)).to.deep.equal([]);
    expect(await count('resume ')).to.equal(1700);
  });

  it('reads rows only as they are sent', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<JsonObject> {
      for (;;) yield { lastName: `stream ${read++}` };
    }
    for await (const { index } of fixture.client.writeMany({
      table: 'contact',
      verb: 'create',
      rows: endless(),
      concurrency: 2,
    }))
      if (index === 499) break;
    expect(read).to.be.at.most(2002);
  });

  it('rejects an unknown table and suggests the nearest name', async () => {
    const refused = write({ table: 'contakt', verb: 'create', rows: [] }).then(
      () => undefined,
      (error: ConnectorError) => error,
    );
    expect((await refused)?.details.suggestions).to.include('contact');
  });

  it('changeset.run: carries out all steps or none, and reports the message of the failed one', async () => {
    const steps = (email: string): { action: string; input: JsonObject }[] => [
      { action: 'account.create', input: { name: `together ${email}` } },
      { action: 'contact.create', input: { lastName: 'together', email } },
    ];
    const [account, contact] = (await fixture.client.changeSet(steps('one@example.com'))) as JsonObject[];
    expect([account?.name, contact?.email]).to.deep.equal(['together one@example.com', 'one@example.com']);
    const refused = await fixture.client.changeSet(steps('one@example.com')).then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );
    expect(refused.code).to.equal('DUPLICATE');
    expect(refused.message).to.match(/ failed, so no step was carried out\. .*contact_email violated/);
    expect((await fixture.client.run('account.count', { search: 'together' })).output).to.equal(1);
  });

  it('changeset.run: rejects a read', async () => {
    const refused = await fixture.client.changeSet([{ action: 'account.count', input: {} }]).then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );
    expect(refused.code).to.equal('INPUT_INVALID');
  });
});
