import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from '../known-issues/fixture.ts';
import { addTable, column, options } from './fixture.ts';

const id = '5f2b6a1c-0d3e-4f5a-8b7c-9d0e1f2a3b4c';

/** A body is told what is wrong before it is sent, and only what the organization refuses. */
describe('checkQuery of a body', () => {
  let fixture: KnownIssueFixture;
  before(async () => {
    fixture = await openFixture();
    addTable(
      fixture,
      'new_shop',
      column('new_day', 'DateTime', { dateOnly: true }),
      column('new_count', 'Integer', { min: 0, max: 100 }),
      column('new_share', 'Decimal', { min: 0, max: 1, precision: 2 }),
      column('new_big', 'BigInt'),
      column('new_ref', 'Uniqueidentifier'),
      column('new_areas', 'MultiSelectPicklist', { options: options('North', 'South') }),
    );
  });
  after(() => fixture.close());

  const check = (body: JsonObject) => fixture.client.checkQuery({ table: 'new_shop', body });
  /** What the organization says when the body is sent without a check. */
  const send = (body: JsonObject) =>
    fixture.client.run('request.send', { method: 'POST', path: '/new_shops', body }).then(
      () => 'taken',
      (error: ConnectorError) => error.code,
    );

  const wrong: readonly (readonly [column: string, value: Json, right?: Json])[] = [
    ['new_day', '1965-05-07T00:00:00Z', '1965-05-07'],
    ['new_day', '2026-02-30'],
    ['new_count', 1.5],
    ['new_count', 101],
    ['new_share', 1.01],
    ['new_share', -1],
    ['new_ref', `{${id}}`, id],
    ['new_ref', 'none'],
    ['new_areas', [100_000_000, 100_000_001], '100000000,100000001'],
    ['new_areas', []],
  ];
  for (const [name, value, right] of wrong) {
    it(`refuses ${JSON.stringify(value)} for ${name}, as the organization does`, async () => {
      const { diagnostics, corrected } = await check({ [name]: value });
      expect(diagnostics.map(({ severity }) => severity)).to.deep.equal(['error']);
      expect(await send({ [name]: value })).to.equal('BAD_REQUEST');
      if (right === undefined) return;
      expect(JSON.parse(JSON.stringify(corrected)).body).to.deep.equal({ [name]: right });
      expect(await send({ [name]: right })).to.equal('taken');
    });
  }

  it('does not correct digits to a number that a double would round', async () => {
    const { corrected } = await check({ new_big: '9007199254740993' });
    expect(corrected).to.equal(undefined);
  });

  const valid: readonly JsonObject[] = [
    { new_day: '1965-05-07', new_count: 100, new_share: 0.25, new_ref: id, new_areas: '100000000' },
    { new_day: null, new_count: 0, new_share: 1, new_ref: null, new_areas: null, new_big: 5 },
  ];
  for (const body of valid) {
    it(`accepts ${JSON.stringify(body)}`, async () => {
      expect((await check(body)).diagnostics).to.deep.equal([]);
      expect(await send(body)).to.equal('taken');
    });
  }

  it('record.create: names the place of an id that is none', async () => {
    const values = { new_shopid: `{${id}}`, new_name: 'A' };
    const error = await fixture.errorOf(fixture.run('record.create', { table: 'new_shop', values }));
    expect(error.message).to.match(/^\/values\/new_shopid must be an id/);
  });
});
