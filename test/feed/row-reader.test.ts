import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { createRowReader, type RowReaderOptions } from '../../src/feed/row-reader.ts';
import type { WireRow } from '../../src/feed/row-reader-port.ts';
import type { ApiRequest, ApiResponse } from '../../src/http/api-request.ts';
import type { Table } from '../../src/model/table.ts';
import type { Connection } from '../../src/run/connection.ts';

const table = { key: 'incidentid', logicalName: 'incident', entitySet: 'incidents' } as Table;
const response: ApiResponse = {
  status: 200,
  headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' },
  body: undefined,
  attempts: 1,
  ambiguous: false,
};

/** A reader of one page whose body arrives in halves; the first attempt breaks between them. */
function openReader(rows: readonly WireRow[]) {
  const body = new TextEncoder().encode(JSON.stringify({ value: rows, '@odata.nextLink': 'https://next' }));
  const half = Math.floor(body.length / 2);
  const pipeline = async ({ receiver }: ApiRequest): Promise<ApiResponse> => {
    receiver?.start();
    receiver?.push(body.subarray(0, half));
    await new Promise(setImmediate);
    receiver?.start();
    receiver?.push(body.subarray(0, half));
    await new Promise(setImmediate);
    receiver?.push(body.subarray(half));
    return response;
  };
  const connection = { pipeline, guardLink: (link: string) => link } as unknown as Connection;
  return createRowReader(connection, table, { operation: 'case.changed', requestId: '1' });
}

describe('createRowReader', () => {
  /** Looks for a row, and Dataverse answers with an error. */
  const find = async (status: number, serverCode: string) => {
    const error = new ConnectorError('NOT_FOUND', 'x', { status, serverCode });
    const pipeline = async () => ({ ...response, status, error });
    const connection = { pipeline, baseUrl: 'https://contoso' } as unknown as Connection;
    const reader = createRowReader(connection, table, { operation: 'case.changed', requestId: '1' });
    return await reader.find('00000000-0000-4000-8000-000000000001');
  };

  it('finds no row if Dataverse answers that the row does not exist', async () => {
    expect((await find(404, '0x80040217')).rows).to.deep.equal([]);
  });

  it('does not take another 404, or an access error, for a missing row', async () => {
    for (const [status, code] of [
      [404, '0x80060888'],
      [404, ''],
      [403, '0x80040220'],
    ] as const) {
      const failure = await find(status, code).catch((error: unknown) => error);
      expect(failure, code).to.be.instanceOf(ConnectorError);
    }
  });

  it('passes rows on while their page arrives, each once if the body breaks', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ incidentid: `id-${n}`, title: `Case ${n}` }));
    const taken: WireRow[] = [];
    const page = await openReader(rows).next('https://page', async (group) => void taken.push(...group));
    expect(taken.length).to.be.within(40, 99);
    expect([...taken, ...page.rows]).to.deep.equal(rows);
    expect(page).to.include({ nextLink: 'https://next', serverTimeMs: Date.UTC(2026, 0, 1) });
  });
});

describe('createRowReader: requests', () => {
  const id = '00000000-0000-4000-8000-000000000001';
  const withColumns = {
    ...table,
    columns: [{ wireName: 'title' }, { wireName: 'new_x' }],
  } as unknown as Table;

  /** A reader whose requests are in `asked`, and whose answers are these in order. */
  function openWith(answers: readonly Partial<ApiResponse>[], options: RowReaderOptions = {}) {
    const asked: ApiRequest[] = [];
    const followed: string[] = [];
    const pipeline = async (request: ApiRequest) => {
      asked.push(request);
      return { ...response, body: { value: [] }, ...answers[asked.length - 1] };
    };
    const connection = {
      pipeline,
      baseUrl: 'https://contoso/api',
      guardLink(link: string) {
        followed.push(link);
        return link;
      },
      missingColumns: new Set<string>(),
      selectClauses: new Map(),
      services: { log: () => {} },
    } as unknown as Connection;
    const reader = createRowReader(
      connection,
      withColumns,
      { operation: 'case.changed', requestId: '1' },
      options,
    );
    return { asked, followed, reader };
  }
  const query = { select: ['incidentid', 'new_x'], pageSize: 7 };
  const texts =
    'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"';
  const failed = (serverMessage: string) => {
    const error = new ConnectorError('BAD_REQUEST', 'x', { status: 400, serverMessage });
    return { status: 400, error } as Partial<ApiResponse>;
  };
  const unknownColumn = "Could not find a property named 'new_x' on type 'Microsoft.Dynamics.CRM.incident'.";
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: ConnectorError) => error,
    );

  it('select, filter and sort, and ask for texts and the page size, on every page', async () => {
    const { asked, followed, reader } = openWith([]);
    await reader.read({ ...query, filter: 'statecode eq 0', orderBy: 'title asc' });
    await reader.read(query);
    await reader.next('https://next');
    const [first, second] = asked.map(({ url }) => new URL(url).searchParams);
    expect(Object.fromEntries(first!)).to.deep.equal({
      $select: 'incidentid,new_x',
      $filter: 'statecode eq 0',
      $orderby: 'title asc',
    });
    expect(Object.fromEntries(second!)).to.deep.equal({ $select: 'incidentid,new_x' });
    expect(asked.map(({ headers }) => headers?.prefer)).to.deep.equal(
      Array.from({ length: 3 }, () => `${texts},odata.maxpagesize=7`),
    );
    expect(followed).to.deep.equal(['https://next']);
  });

  it('ask for changes to be tracked, and for no texts where none are wanted', async () => {
    const tracking = openWith([]);
    await tracking.reader.trackChanges(query);
    await tracking.reader.follow('https://delta');
    expect(tracking.asked.map(({ headers }) => headers?.prefer)).to.deep.equal([
      'odata.track-changes,odata.maxpagesize=7',
      'odata.track-changes,odata.maxpagesize=7',
    ]);
    expect(tracking.followed).to.deep.equal(['https://delta']);
    const plain = openWith([], { withoutTexts: true });
    await plain.reader.read(query);
    expect(plain.asked[0]!.headers?.prefer).not.to.include('FormattedValue');
    expect(plain.asked[0]!.headers?.prefer).to.include('lookuplogicalname');
  });

  it('follow a link of an earlier process with its page size, or with what the link says itself', async () => {
    const sized = openWith([], { pageSize: 9 });
    await sized.reader.next('https://next');
    expect(sized.asked[0]!.headers).to.deep.equal({ prefer: `${texts},odata.maxpagesize=9` });
    const { asked, reader } = openWith([]);
    await reader.follow('https://delta');
    expect(asked[0]!.headers).to.deep.equal({});
  });

  it('leave out a column that the organization lacks, from then on, unless that is an error', async () => {
    const { asked, reader } = openWith([failed(unknownColumn)]);
    await reader.read(query);
    await reader.read(query);
    const selects = asked.map(({ url }) => new URL(url).searchParams.get('$select'));
    expect(selects).to.deep.equal(['incidentid,new_x', 'incidentid', 'incidentid']);
    const strict = openWith([failed(unknownColumn)], { isStrict: true });
    expect(await failure(strict.reader.read(query))).to.include({ code: 'BAD_REQUEST' });
    expect(strict.asked.length).to.equal(1);
    const other = openWith([failed('something else')]);
    expect(await failure(other.reader.read(query))).to.include({ code: 'BAD_REQUEST' });
  });

  it('find a row by its key; an answer without the key is no row', async () => {
    const { asked, reader } = openWith([
      { body: { incidentid: id } },
      { body: { other: 1 } },
      { body: 'text' },
    ]);
    const found = [await reader.find(id), await reader.find(id), await reader.find(id)];
    expect(found.map(({ rows }) => rows)).to.deep.equal([[{ incidentid: id }], [], []]);
    expect(asked[0]).to.deep.include({
      headers: {},
      method: 'GET',
      safety: 'repeatable',
      operation: 'case.changed',
    });
    expect(decodeURIComponent(asked[0]!.url)).to.equal(
      `https://contoso/api/incidents(${id})?$select=incidentid`,
    );
  });

  it('fail without the time of the organization', async () => {
    const { reader } = openWith([{ headers: {} }, { headers: { date: 'soon' } }]);
    for (const _ of [1, 2])
      expect(await failure(reader.read(query))).to.include({ code: 'RESPONSE_INVALID' });
  });

  it('count the rows as far as Dataverse tells', async () => {
    const counted = (Values: unknown) =>
      ({ body: { EntityRecordCountCollection: { Values } } }) as Partial<ApiResponse>;
    const answers = [
      counted([42]),
      counted(['42']),
      counted(42),
      { body: {} },
      { body: 'text' as never },
      { ...counted([42]), ...failed('no right') },
    ];
    const { asked, reader } = openWith(answers);
    const counts: unknown[] = [];
    for (const _ of answers) counts.push(await reader.countRows());
    expect(counts).to.deep.equal([42, undefined, undefined, undefined, undefined, undefined]);
    expect(asked[0]!.url).to.equal("https://contoso/api/RetrieveTotalRecordCount(EntityNames=['incident'])");
  });

  it('know the links of a page', async () => {
    const body = {
      value: [{ incidentid: id }],
      '@odata.nextLink': 'https://next',
      '@odata.deltaLink': 'https://delta',
    };
    const page = await openWith([{ body } as Partial<ApiResponse>]).reader.read(query);
    expect(page).to.deep.equal({
      rows: [{ incidentid: id }],
      serverTimeMs: Date.UTC(2026, 0, 1),
      nextLink: 'https://next',
      deltaLink: 'https://delta',
    });
  });
});
