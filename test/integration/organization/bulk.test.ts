import { expect } from 'chai';
import type { JsonObject, RowReport, WriteJob } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from '../known-issues/fixture.ts';
import { addTable, column } from './fixture.ts';

/** Many rows of any table, also where the organization refuses the bulk message. */
describe('record.*-many and writeMany for any table', () => {
  let fixture: KnownIssueFixture;
  before(async () => {
    fixture = await openFixture();
    addTable(
      fixture,
      'new_part',
      column('new_code', 'String', { maxLength: 20 }),
      column('new_count', 'Integer', { min: 0, max: 99 }),
    );
    fixture.organization.store.addKey('new_part', 'new_part_code', ['new_code']);
  });
  after(() => fixture.close());
  afterEach(() => fixture.organization.faults.clear());

  const parts = (count: number, tag: string): JsonObject[] =>
    Array.from({ length: count }, (_, at) => ({
      new_name: `${tag} ${at}`,
      new_code: `${tag}-${at}`,
      new_count: at,
    }));
  const write = async (job: Omit<WriteJob, 'table'>): Promise<readonly RowReport[]> => {
    const reports: RowReport[] = [];
    for await (const report of fixture.client.writeMany({ table: 'new_part', ...job })) reports.push(report);
    return reports;
  };
  const failures = (reports: readonly RowReport[]) => reports.filter(({ error }) => error !== undefined);
  const count = (filter: string) =>
    fixture.organization.store
      .query('new_part', { actor: { userId: '' } })
      .rows.filter(({ values }) => String(values.new_code).startsWith(filter)).length;
  const messages = () =>
    fixture.sent.filter(({ url }) => /Multiple$/.test(url)).map(({ url }) => url.split('.').at(-1));

  it('the id of a row can be its primary key by the logical name, as for record.create', async () => {
    const new_partid = '0c0a7b1e-1111-4c39-9d55-0a3c1c5d7e90';
    const other = '0c0a7b1e-1111-4c39-9d55-0a3c1c5d7e91';
    const write = async (verb: string, row: JsonObject, more: JsonObject = {}) =>
      await fixture.run(`record.${verb}-many`, { table: 'new_part', rows: [row], ...more });
    const written = { written: 1, failed: [] };
    expect(await write('upsert', { new_partid, new_name: 'A' }, { matchOn: ['id'] })).to.deep.equal(written);
    expect(await write('update', { new_partid, new_name: 'B' })).to.deep.equal(written);
    const row = fixture.organization.store.read('new_part', new_partid);
    expect(row?.values.new_name).to.equal('B');
    const { failed } = await write('update', { id: other, new_partid, new_name: 'C' });
    const message = '/0/new_partid is the id of another row';
    expect(failed).to.deep.equal([{ index: 0, code: 'INPUT_INVALID', message }]);
  });

  it('rows of a custom table are created, updated, upserted and deleted, and each wrong one is reported', async () => {
    const rows = [...parts(10, 'many'), { new_name: 'wrong', new_count: 100 }, { new_nme: 'wrong' }];
    const created = await fixture.run('record.create-many', { table: 'new_part', rows });
    expect(created.written).to.equal(10);
    expect(created.failed).to.deep.equal([
      { index: 10, code: 'INPUT_INVALID', message: '/10/new_count must be at most 99' },
      {
        index: 11,
        code: 'INPUT_INVALID',
        message: '/11/new_nme is not a writable column: did you mean "new_name"?',
      },
    ]);
    expect(messages()).to.deep.equal(['CreateMultiple']);
    const again = [
      ...parts(10, 'many').map((row) => ({ ...row, new_count: 50 })),
      { new_code: 'many-new', new_name: 'New' },
    ];
    const upserted = await fixture.run('record.upsert-many', {
      table: 'new_part',
      matchOn: ['new_code'],
      rows: again,
    });
    expect(upserted).to.deep.equal({ written: 11, failed: [] });
    const listed = (await fixture.run('record.list', {
      table: 'new_part',
      filter: "startswith(new_code,'many')",
    })) as unknown as JsonObject[];
    expect(listed.length).to.equal(11);
    const changed = await fixture.run('record.update-many', {
      table: 'new_part',
      rows: listed.map((row) => ({ ...row, new_count: 7 })),
    });
    expect(changed).to.deep.equal({ written: 11, failed: [] });
    const missing = '0c0a7b1e-bbbb-4c39-9d55-0a3c1c5d7e90';
    const ids = [...listed.map(({ id }) => id!), missing];
    const deleted = await fixture.run('record.delete-many', { table: 'new_part', ids });
    expect(deleted.written).to.equal(11);
    expect(deleted.failed).to.have.nested.property('[0].code', 'NOT_FOUND');
    expect(count('many')).to.equal(0);
  });

  it('a bulk message that Dataverse refuses with an unexpected error goes by batch, then row by row', async () => {
    const refused = {
      kind: 'status',
      status: 400,
      code: '0x80040216',
      times: Number.POSITIVE_INFINITY,
    } as const;
    fixture.organization.faults.add({ ...refused, path: 'Multiple' });
    const rows = parts(20, 'refused');
    const job = { verb: 'upsert', matchOn: ['new_code'], rows } as const;
    expect(failures(await write(job))).to.deep.equal([]);
    expect(count('refused')).to.equal(20);
    fixture.organization.faults.add({ ...refused, path: 'batch' });
    expect(failures(await write({ ...job, rows: parts(25, 'refused') }))).to.deep.equal([]);
    expect(count('refused')).to.equal(25);
    fixture.organization.faults.add({ ...refused, method: 'PATCH', times: 1 });
    const reports = await write({ ...job, rows: parts(5, 'refused') });
    expect(failures(reports).map(({ index }) => index)).to.deep.equal([0]);
  });

  it('after a deadlock one request is sent at a time', async () => {
    let running = 0;
    let peak = 0;
    let deadlocks = 1;
    fixture.intercept(async (request, send) => {
      if (!/Multiple$/.test(request.url)) return await send(request);
      running++;
      if (deadlocks === 0) peak = Math.max(peak, running);
      try {
        const response = await send(request);
        return deadlocks > 0 ? deadlock(response, () => deadlocks--) : response;
      } finally {
        running--;
      }
    });
    const rows = parts(1600, 'dead').map((row) => ({ ...row, new_count: 1 }));
    expect(
      failures(await write({ verb: 'upsert', matchOn: ['new_code'], rows, concurrency: 2 })),
    ).to.deep.equal([]);
    expect(count('dead')).to.equal(1600);
    expect(peak).to.equal(1);
  });

  function deadlock<T extends { status: number; headers: Readonly<Record<string, string>> }>(
    response: T,
    done: () => void,
  ) {
    done();
    const message = 'Sql error: Generic SQL error. CRM ErrorCode: -2147204784 Sql Number: 1205';
    const bytes = Buffer.from(JSON.stringify({ error: { code: '0x80044150', message } }));
    const body = async function* () {
      yield bytes;
    };
    const headers = { 'content-type': 'application/json', date: String(response.headers.date) };
    return { ...response, status: 400, headers, body: body() };
  }

  it('a message that is too large is halved, and the following ones are smaller', async () => {
    const sizes: number[] = [];
    fixture.intercept(async (request, send) => {
      if (!/Multiple$/.test(request.url)) return await send(request);
      const { length } = (JSON.parse(String(request.body)) as { Targets: unknown[] }).Targets;
      sizes.push(length);
      const response = await send(
        length > 200 ? { ...request, url: request.url.replace(/new_parts.*/, 'nothing') } : request,
      );
      return length > 200 ? { ...response, status: 413 } : response;
    });
    const rows = parts(900, 'large').map((row) => ({ ...row, new_count: 1 }));
    expect(failures(await write({ verb: 'create', rows, concurrency: 1 }))).to.deep.equal([]);
    expect(count('large')).to.equal(900);
    expect(Math.max(...sizes.slice(-2))).to.be.at.most(250);
  });

  it('a row whose alternate key is missing or cannot be in a URL is reported with its place', async () => {
    addTable(fixture, 'new_place', column('new_code', 'String', { maxLength: 20 }));
    fixture.organization.store.addKey('new_place', 'new_code_key', ['new_code']);
    const rows: readonly JsonObject[] = [{ new_code: 'A' }, { new_name: 'B' }, { new_code: 'a/b' }];
    const input = { table: 'new_place', matchOn: ['new_code'], rows };
    const { written, failed } = await fixture.run('record.upsert-many', input);
    expect(written).to.equal(1);
    expect(failed)
      .to.have.nested.property('[0].message')
      .that.matches(/^\/1\/new_code must have a value/);
    expect(failed)
      .to.have.nested.property('[1].message')
      .that.matches(/^\/2\/new_code must not contain/);
    const one = { table: 'new_place', key: { New_Code: 'A' }, values: {} };
    expect((await fixture.errorOf(fixture.run('record.upsert', one))).message).to.equal(
      '/key/New_Code is not a column of the table: did you mean "new_code"?',
    );
  });

  it('rows of a table that has a schema have logical names, as for record.create', async () => {
    const rows = ['A', 'B'].map((name) => ({ name, telephone1: '1' }));
    expect(await fixture.run('record.create-many', { table: 'account', rows })).to.deep.equal({
      written: 2,
      failed: [],
    });
    const { output } = await fixture.client.run('record.list', {
      table: 'account',
      filter: "telephone1 eq '1'",
    });
    const changed = (output as JsonObject[]).map((row) => ({ ...row, telephone1: '2' }));
    const updated = await fixture.run('record.update-many', { table: 'account', rows: changed });
    expect(updated).to.deep.equal({ written: 2, failed: [] });
    const ids = changed.map(({ accountid }: JsonObject) => accountid!);
    expect(await fixture.run('record.delete-many', { table: 'account', ids })).to.include({ written: 2 });
  });
});
