import { expect } from 'chai';
import type { PollPage, RowReader } from 'dynamics365-connector/host';
import { readAhead } from '../src/table/read-ahead.ts';

const query = { select: ['accountid'], pageSize: 2 };

/** A reader with the pages `1`, `2` and `3`, which refuses some requests. */
function createPages(refused: string[] = []) {
  const requested: string[] = [];
  const get = async (link: string): Promise<PollPage> => {
    requested.push(link);
    if (refused.includes(link)) {
      refused.splice(refused.indexOf(link), 1);
      throw new Error(`${link} is refused`);
    }
    const nextLink = link === '3' ? undefined : String(Number(link) + 1);
    return { rows: [{ accountid: link }], nextLink, serverTimeMs: 0 };
  };
  const reader = {
    read: () => get('1'),
    next: get,
    trackChanges: () => get('1'),
    follow: get,
  } as Partial<RowReader> as RowReader;
  return { requested, reader: readAhead(reader) };
}

describe('mirror: pages that are read ahead', () => {
  it('requests the next page before the caller asks for it, and each page once', async () => {
    const { reader, requested } = createPages();
    const first = await reader.read(query);
    expect(requested).to.deep.equal(['1', '2']);
    expect((await reader.next(first.nextLink!)).rows).to.deep.equal([{ accountid: '2' }]);
    expect(requested).to.deep.equal(['1', '2', '3']);
    expect((await reader.next('3')).rows).to.deep.equal([{ accountid: '3' }]);
    expect(requested).to.deep.equal(['1', '2', '3']);
  });

  it('does the same for change tracking', async () => {
    const { reader, requested } = createPages();
    await reader.trackChanges(query);
    await reader.follow('2');
    await reader.follow('3');
    expect(requested).to.deep.equal(['1', '2', '3']);
  });

  it('reports a refused page when it is asked for, and requests it again after that', async () => {
    const { reader, requested } = createPages(['2']);
    await reader.read(query);
    const error = await reader.next('2').catch((error: Error) => error);
    expect(error).to.include({ message: '2 is refused' });
    expect((await reader.next('2')).rows).to.deep.equal([{ accountid: '2' }]);
    expect(requested).to.deep.equal(['1', '2', '2', '3']);
  });

  it('returns no page for another link, as after a write that failed', async () => {
    const { reader, requested } = createPages();
    await reader.read(query);
    await reader.next('2');
    expect((await reader.next('2')).rows).to.deep.equal([{ accountid: '2' }]);
    expect(requested).to.deep.equal(['1', '2', '3', '2', '3']);
  });
});
