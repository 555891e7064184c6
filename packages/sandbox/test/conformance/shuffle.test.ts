import { expect } from 'chai';
import { createStandardModel } from '../../src/model/standard-model.ts';
import type { Exchange } from './exchange.ts';
import { type Judgement, judge } from './judge.ts';
import { recordAnswers } from './mutate/record.ts';
import { parseExchanges } from './read-exchanges.ts';
import { scoreByKind } from './score.ts';
import { shuffleExchanges } from './shuffle/shuffle.ts';

const model = createStandardModel();
const accountId = '6f1d1e0a-3c55-4b7e-9d8e-0a1b2c3d4e01';
const context = 'https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#accounts';

const entries = [
  {
    id: 'list',
    kind: 'list',
    request: { method: 'GET', path: 'accounts?$select=name,telephone1&$orderby=name' },
    response: {
      status: 200,
      body: {
        '@odata.context': `${context}(name,telephone1)`,
        value: [
          { '@odata.etag': 'W/"101"', accountid: accountId, name: 'Alpine Ski House', telephone1: null },
          {
            '@odata.etag': 'W/"102"',
            accountid: accountId.replace('4e01', '4e00'),
            name: 'Fabrikam',
            telephone1: null,
          },
        ],
      },
    },
  },
  {
    id: 'create',
    kind: 'create',
    request: { method: 'POST', path: 'accounts', body: { name: 'Adventure Works', numberofemployees: 5120 } },
    response: { status: 204, body: null },
  },
];

async function judgeAll(exchanges: readonly Exchange[]): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for await (const judgement of judge(exchanges, model)) judgements.push(judgement);
  return judgements;
}

describe('shuffleExchanges', () => {
  const exchanges = parseExchanges(JSON.stringify(entries));

  it('replaces names, ids, versions and numbers, the same ones for the same seed', () => {
    const shuffled = JSON.stringify(shuffleExchanges(exchanges, model, 7));
    for (const old of ['Alpine', 'House', 'Fabrikam', 'Adventure', accountId, 'W/\\\\\\"101', '5120']) {
      expect(shuffled).not.to.include(old);
    }
    expect(shuffled).to.equal(JSON.stringify(shuffleExchanges(exchanges, model, 7)));
    expect(shuffled).not.to.equal(JSON.stringify(shuffleExchanges(exchanges, model, 8)));
  });

  for (const seed of [1, 2, 3]) {
    it(`keeps the score (seed ${seed})`, async () => {
      const judgements = await judgeAll(shuffleExchanges(exchanges, model, seed));
      const report = JSON.stringify(judgements, undefined, 1);
      expect(scoreByKind(judgements).sum, report).to.include({ total: 2, status: 2, essentials: 2 });
    });
  }

  it('keeps requests and answers of all kinds well-formed', async () => {
    const recorded = (await recordAnswers()).map(({ exchange }) => exchange);
    const shuffled = shuffleExchanges(recorded, model, 5);
    expect(shuffled.map(({ id }) => id)).to.have.members(recorded.map(({ id }) => id));
    for (const { response } of shuffled) {
      if (response?.body.startsWith('{')) expect(() => JSON.parse(response.body)).not.to.throw();
    }
  });
});
