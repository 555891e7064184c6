import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { createRowReader } from '../../src/feed/row-reader.ts';
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
