import { expect } from 'chai';
import {
  type Checkpoint,
  type Client,
  type ConnectorError,
  type HttpRequest,
  type JsonObject,
  loadConnector,
  type SendRequest,
} from '../../../src/index.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { createNodeFetchSender } from '../../../src/node/node-fetch-sender.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/index.ts';

/** What users of other connectors report, and what can be read in their code: each is shown not to happen here. */
describe('pains of other connectors', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let client: Client;
  let actor: { userId: string };
  let sent: HttpRequest[];
  let answer: (request: HttpRequest, send: SendRequest) => ReturnType<SendRequest>;
  const clock = { ms: Date.parse('2026-03-01T09:00:00Z') };

  beforeEach(async () => {
    const time = {
      now: () => clock.ms,
      sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 50, signal),
    };
    sandbox = await createSandbox({ organisations: [{ name: 'contoso', data: 'empty' }], clock: time });
    actor = { userId: sandbox.organisation.userIdOf(sandbox.user)! };
    const sender = createNodeFetchSender();
    sent = [];
    answer = (request, send) => send(request);
    const send: SendRequest = async (request) => {
      sent.push(request);
      return await answer(request, sender);
    };
    const connector = await loadConnector({ world: { send, clock: time } });
    client = connector.connect(
      { orgUrl: sandbox.organisation.origin },
      { kind: 'host', bring: () => ({ token: sandbox.tokenFor() }) },
      { allowLoopback: true },
    );
  });
  afterEach(() => sandbox.close());

  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await client.run(action, input)).output as JsonObject;
  const refusal = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('it succeeded'),
      (error: ConnectorError) => error,
    );
  const fill = (table: string, count: number): readonly string[] => {
    const { store } = sandbox.organisation;
    return store.transaction(() =>
      Array.from({ length: count }, (_, at) => store.insert(table, { lastname: `Person ${at}` }, actor).id),
    );
  };
  const newCase = async (): Promise<JsonObject> => {
    const account = await run('account.create', { name: 'Contoso' });
    return await run('case.create', { title: 'x', customer: { table: 'account', id: account.id! } });
  };

  it('a POST that may have been carried out is not sent again', async () => {
    const { id } = await newCase();
    sandbox.organisation.faults.add({ kind: 'status', status: 503, path: '/CloseIncident', times: 5 });
    sent = [];
    const error = await refusal(run('case.resolve', { id: id!, subject: 'Done' }));
    expect(error.code).to.equal('REQUEST_OUTCOME_UNKNOWN');
    expect(sent.filter(({ url }) => url.includes('CloseIncident')).length).to.equal(1);
  });

  it('deletions are read over all pages of a delta link, in the form that Dataverse sends them', async () => {
    // The organisation gives small pages, so that a few rows make many.
    answer = (request, send) => {
      const { prefer = 'odata.maxpagesize=5000' } = request.headers;
      const headers = { ...request.headers, prefer: prefer.replace(/maxpagesize=\d+/, 'maxpagesize=50') };
      return send(request.method === 'GET' ? { ...request, headers } : request);
    };
    const ids = fill('contact', 330);
    const { checkpoint } = await client.poll('contact.deleted');
    const { store } = sandbox.organisation;
    store.transaction(() => {
      for (const id of ids) store.delete('contact', id);
    });
    const told = new Set<unknown>();
    let place: Checkpoint = checkpoint;
    for (let more = true; more; ) {
      const result = await client.poll('contact.deleted', {}, place);
      for (const { row } of result.items) told.add(row.id);
      ({ checkpoint: place, more } = result);
    }
    expect(told.size).to.equal(330);
    expect(sent.filter(({ url }) => /delta|skip/i.test(url)).length).to.be.greaterThan(10);
  });

  it('what comes in the same second as the last poll is told, once', async () => {
    let { checkpoint } = await client.poll('contact.created');
    const told: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      fill('contact', 2);
      const result = await client.poll('contact.created', {}, checkpoint);
      told.push(...result.items.map(({ row }) => row.id));
      ({ checkpoint } = result);
    }
    expect(told.length).to.equal(6);
    expect(new Set(told).size).to.equal(6);
  });

  it('a trigger that begins does not walk the whole table', async () => {
    fill('contact', 300);
    clock.ms += 24 * 3600_000;
    sent = [];
    const { items } = await client.poll('contact.created');
    expect(items).to.deep.equal([]);
    expect(sent.filter(({ url }) => url.includes('/contacts')).length).to.be.at.most(2);
    for (const { url } of sent.filter((request) => request.url.includes('/contacts')))
      expect(new URL(url).searchParams.has('$filter')).to.equal(true);
  });

  it('no list is cut silently at 100 or 5,000 rows, and $top never stands beside a page size', async () => {
    fill('contact', 5050);
    sent = [];
    const { output, meta } = await client.run('contact.list', { limit: 5020 });
    expect([(output as unknown[]).length, meta.more]).to.deep.equal([5020, true]);
    let all = 0;
    for await (const _ of client.list('contact.list')) all++;
    expect(all).to.equal(5050);
    for (const { url, headers } of sent) {
      expect(url.includes('$top') && String(headers.prefer).includes('maxpagesize')).to.equal(false);
    }
  });

  it('a next link to another host is not followed, and no token goes there', async () => {
    fill('contact', 30);
    answer = async (request, send) => {
      const response = await send(request);
      const body = async function* () {
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        yield Buffer.from(
          text.replace(
            /"@odata.nextLink":"[^"]*"/,
            '"@odata.nextLink":"https://evil.example/api/data/v9.2/contacts"',
          ),
        );
      };
      const { 'content-length': _, ...headers } = response.headers;
      return { ...response, headers, body: body() };
    };
    const read = async () => {
      for await (const _ of client.list('contact.list', {}, { pageSize: 10 })) void _;
    };
    expect((await refusal(read())).code).to.equal('ORIGIN_REFUSED');
    expect(sent.every(({ url }) => url.startsWith(sandbox.organisation.origin))).to.equal(true);
  });

  it('values go out as what they are, not as text', () => {
    const { body } = client.explain('account.create', {
      name: '7',
      revenue: '12.50',
      employees: 3,
      creditHold: true,
    });
    expect(body).to.deep.include({ name: '7', revenue: 12.5, numberofemployees: 3, creditonhold: true });
  });

  it('no column is dropped from forms: lookups, memos, money and owners are asked for', async () => {
    const connector = await loadConnector();
    const { actions } = connector.definition;
    const asked = Object.keys(actions['opportunity.create']!.input.properties as object);
    expect(asked).to.include.members(['customer', 'description', 'estimatedValue', 'owner']);
  });

  it('a lookup is written through its navigation property, whichever table it points to', async () => {
    const contact = await run('contact.create', { lastName: 'Lee' });
    const row = await run('case.create', { title: 'x', customer: { table: 'contact', id: contact.id! } });
    expect(row.customer).to.include({ table: 'contact', id: contact.id });
  });

  it('a case is not resolved by an update: the update does not offer it, and the refusal names what does', async () => {
    const { id } = await newCase();
    const offered = await refusal(run('case.update', { id: id!, state: 'resolved' }));
    expect(offered.code).to.equal('INPUT_INVALID');
    const raw = await refusal(
      run('request.send', { method: 'PATCH', path: `/incidents(${id})`, body: { statecode: 1 } }),
    );
    expect(`${raw.message} ${raw.advice}`).to.match(/CloseIncident|case\.resolve/);
  });

  it('the words of the server are not hidden behind a status', async () => {
    const { id } = await newCase();
    const error = await refusal(run('queue-item.pick', { id: id!, user: { id: actor.userId } }));
    expect(error.details.serverMessage).to.match(/Does Not Exist/i);
    expect(error.advice).to.not.equal('');
  });
});
