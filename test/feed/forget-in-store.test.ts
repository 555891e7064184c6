import { expect } from 'chai';
import { createMemoryStore, readStoreContent } from '../../src/client/memory-store.ts';
import { forgetRow } from '../../src/feed/forget-row.ts';
import { withoutNameOf } from '../../src/feed/without-name-of.ts';
import type { Json } from '../../src/model/json.ts';
import type { StateStore } from '../../src/model/runtime-services.ts';

const id = '8d1f0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
const other = '8d1f0c7a-5b1e-4c39-9d55-0a3c1c5d7e91';

/** What is left of these values; undefined for a value that was deleted. */
async function forget(values: Readonly<Record<string, Json>>, forgotten = id) {
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
  const store = createMemoryStore(Object.entries(values).map(([key, value]) => [key, text(value)]));
  const count = await forgetRow(store, forgotten);
  const left = Object.fromEntries(await readStoreContent(store));
  const parse = (stored: string | undefined) => (stored?.startsWith('{') ? JSON.parse(stored) : stored);
  return { count, left: Object.keys(values).map((key) => parse(left[key])) };
}

describe('forgetRow: stored values', () => {
  it('deletes what is about this row alone, in feeds of any prefix', async () => {
    const { count, left } = await forget(
      {
        [`feed/x/row/${id}`]: '{"v":"1"}',
        [`host/feed/x/due/y/${id}`]: '{"1":2}',
        'feed/x/dead-letters/z': `{"incidentid":"${id}"}`,
        [`feed/x/row/${other}`]: '{"v":"1"}',
        'feed/x/dead-letters/other': '{"incidentid":"x"}',
      },
      id.toUpperCase(),
    );
    expect(left).to.deep.equal([undefined, undefined, undefined, { v: '1' }, { incidentid: 'x' }]);
    expect(count).to.equal(3);
  });

  it('leaves values alone that are not of a feed or of own writes', async () => {
    const values = { [`tokens/${id}`]: 'x', 'my-feed/a': id, 'rewritten/a': id, cache: id };
    const { count, left } = await forget(values);
    expect(left).to.deep.equal(Object.values(values));
    expect(count).to.equal(0);
  });

  it('removes lines of lists, in any case', async () => {
    const { left } = await forget({
      'feed/x/ids/a': `${other}\n${id.toUpperCase()}`,
      'written/ab': `${id} 5 x\n${other} 6 y`,
      'host/written/ab': `${id} 5 x`,
    });
    expect(left).to.deep.equal([other, `${other} 6 y`, '']);
  });

  it('removes ids, tuples and objects about the row, and members that it names; the rest stays', async () => {
    const { left } = await forget({
      'feed/x/deletions': {
        reported: { [id.toUpperCase()]: 1, [other]: 2 },
        added: [id.toUpperCase(), other],
        tuples: [[id, 1], [other, 2], [1, id], 7, null],
        objects: [{ id, x: 1 }, { id: other }],
      },
    });
    expect(left).to.deep.equal([
      {
        reported: { [other]: 2 },
        added: [other],
        tuples: [[other, 2], [1], 7, null],
        objects: [{ id: other }],
      },
    ]);
  });

  it('keeps the place of an entry of the log, and a value that is not JSON', async () => {
    const entry = { kind: 'deleted', id, atMs: 3 };
    const { count, left } = await forget({
      'feed/x/log/1': { epoch: 0, first: 1, atMs: 3, entries: [entry] },
      'feed/x/other': `not JSON ${id}`,
    });
    expect(left[0]).to.deep.equal({
      epoch: 0,
      first: 1,
      atMs: 3,
      entries: [{ kind: 'forgotten', id: '', atMs: 3 }],
    });
    expect([left[1], count]).to.deep.equal([`not JSON ${id}`, 1]);
  });

  it('does not let a forgotten recent row count as missing: all later rows are known', async () => {
    const recent = (completeFrom: string, rows: Json) => ({
      'feed/x/recent': { rows, completeFrom, deletedIds: [] },
    });
    const rows = [
      [other, '9', 1],
      [id, '7', 1],
    ];
    const later = { rows: [[other, '9', 1]], deletedIds: [] };
    expect((await forget(recent('3', rows))).left).to.deep.equal([{ ...later, completeFrom: '8' }]);
    expect((await forget(recent('8', rows))).left).to.deep.equal([{ ...later, completeFrom: '8' }]);
    expect((await forget(recent('9', rows))).left).to.deep.equal([{ ...later, completeFrom: '9' }]);
    const deleted = { rows: [[other, '9', 1]], completeFrom: '3', deletedIds: [id] };
    expect((await forget({ 'feed/x/recent': deleted })).left).to.deep.equal([{ ...deleted, deletedIds: [] }]);
  });

  it('reads any number of values, in parts', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1_203 }, (_, n) => [`feed/x/ids/${String(n).padStart(5, '0')}`, id]),
    );
    const { count, left } = await forget(many);
    expect(count).to.equal(1_203);
    expect(new Set(left)).to.deep.equal(new Set(['']));
    const asked: number[] = [];
    const store = createMemoryStore(Object.entries(many).slice(0, 500));
    const counting: StateStore = {
      ...store,
      list(prefix, range) {
        asked.push(range.maxCount);
        return store.list(prefix, range);
      },
    };
    await forgetRow(counting, other);
    expect(asked).to.deep.equal([500, 500]);
    asked.length = 0;
    await store.delete('feed/x/ids/00000');
    await forgetRow(counting, other);
    expect(asked, 'a part that is not full is the last one').to.deep.equal([500]);
  });

  it('writes a value again that a poll changed meanwhile, up to ten times', async () => {
    const run = async (conflicts: number, deletes = false) => {
      const store = createMemoryStore([['feed/x/ids/a', `${id}\n${other}`]]);
      let tries = 0;
      const racing: StateStore = {
        ...store,
        async replace(key, value, version) {
          tries += 1;
          if (tries > conflicts) return store.replace(key, value, version);
          await (deletes ? store.delete(key) : store.set(key, `${id}\n${other}\n${tries}`));
          return false;
        },
      };
      const count = await forgetRow(racing, id);
      return [count, tries, (await store.get('feed/x/ids/a'))?.value];
    };
    expect(await run(2)).to.deep.equal([1, 3, `${other}\n2`]);
    expect(await run(9)).to.deep.equal([1, 10, `${other}\n9`]);
    expect((await run(10)).slice(0, 2)).to.deep.equal([0, 10]);
    expect(await run(1, true)).to.deep.equal([0, 1, undefined]);
  });
});

describe('withoutNameOf: values', () => {
  it('are left as they are if they are no lists or objects, or refer to another row', () => {
    const values: readonly Json[] = [
      null,
      7,
      id,
      [],
      { id: other, name: 'Anna' },
      { other: id, name: 'Anna' },
    ];
    for (const value of values) expect(withoutNameOf(value, id)).to.deep.equal(value);
  });

  it('lose the name of the reference only, at any depth', () => {
    const label = '_owner_value@OData.Community.Display.V1.FormattedValue';
    const value = [{ list: [{ ID: id, id: id.toUpperCase(), name: 'Anna', table: 'contact' }] }];
    expect(withoutNameOf(value, id)).to.deep.equal([
      { list: [{ ID: id, id: id.toUpperCase(), table: 'contact' }] },
    ]);
    const row = {
      _owner_value: id,
      [label]: 'Anna',
      _owner_value2: 'x',
      '_queue_value@x': 'kept',
      name: 'kept',
    };
    expect(withoutNameOf(row, id)).to.deep.equal({
      _owner_value: id,
      _owner_value2: 'x',
      '_queue_value@x': 'kept',
      name: 'kept',
    });
  });
});
