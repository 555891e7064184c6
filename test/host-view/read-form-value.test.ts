import { expect } from 'chai';
import { readColumnValues, readFormValue } from '../../src/host.ts';
import type { Client, Json, MetadataColumn } from '../../src/index.ts';

const id = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
const read = (kind: Parameters<typeof readFormValue>[0]['kind'], value: unknown) =>
  readFormValue({ name: 'field', kind }, value);

describe('values of forms', () => {
  it('become what the engine takes: numbers, choices, rows, people, lists', () => {
    expect(read('number', '-12.5')).to.equal(-12.5);
    expect(read('choice', '100000001')).to.equal(100000001);
    expect(read('choice', 'high')).to.equal('high');
    expect(read('boolean', 'false')).to.equal(false);
    expect(read('row', ` ${id} `)).to.equal(id);
    expect(read('lookup', `contact/${id}`)).to.deep.equal({ table: 'contact', id });
    expect(read('lookup', id)).to.deep.equal({ id });
    expect(read('lookups', `contact/${id}, account/${id}`)).to.deep.equal([
      { table: 'contact', id },
      { table: 'account', id },
    ]);
    expect(read('people', [`contact/${id}`, ' ann@contoso.com ', ''])).to.deep.equal([
      { table: 'contact', id },
      { address: 'ann@contoso.com' },
    ]);
    expect(read('texts', 'a, b ,')).to.deep.equal(['a', 'b']);
    expect(read('date', '2026-03-31T00:00:00+02:00')).to.equal('2026-03-31');
    expect(read('date-time', '2026-03-31T09:00')).to.equal('2026-03-31T09:00:00.000Z');
    expect(read('json', '{"a":[1]}')).to.deep.equal({ a: [1] });
  });

  it('stay as they are when they have their type or are wrong, so that the engine reports them', () => {
    const row = { table: 'contact', id };
    expect(read('lookup', row)).to.equal(row);
    expect(read('number', 'twelve')).to.equal('twelve');
    expect(read('number', '9007199254740993123')).to.equal('9007199254740993123');
    expect(read('boolean', 'yes')).to.equal('yes');
    expect(read('people', { any: 1 })).to.deep.equal({ any: 1 });
    expect(read('text', 12)).to.equal(12);
  });

  it('that should be JSON and are not are named', () => {
    expect(() => read('values', '{ a: 1 }'))
      .to.throw('/field must be JSON')
      .with.property('code', 'INPUT_INVALID');
  });

  it('of columns follow the types that the organization has', async () => {
    const columns = [
      { name: 'title', type: 'string' },
      { name: 'severity', type: 'choice' },
      { name: 'tags', type: 'choices' },
      { name: 'customer', type: 'lookup', targets: ['account', 'contact'] },
      { name: 'owner', type: 'lookup', targets: ['systemuser'] },
      { name: 'due', type: 'date' },
      { name: 'blocked', type: 'boolean' },
    ] as unknown as MetadataColumn[];
    const client = { metadata: { getTable: async () => ({ columns }) } } as unknown as Client;
    const entered: Record<string, Json> = {
      title: '',
      severity: '2',
      tags: '1,2',
      customer: `contact/${id}`,
      owner: id,
      due: '2026-03-31T10:00:00Z',
      blocked: 'true',
      unknown: '',
      cleared: null,
    };
    expect(await readColumnValues(client, 'incident', entered)).to.deep.equal({
      title: '',
      severity: 2,
      tags: ['1', '2'],
      customer: { table: 'contact', id },
      owner: { table: 'systemuser', id },
      due: '2026-03-31',
      blocked: true,
      cleared: null,
    });
  });
});
