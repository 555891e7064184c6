import { expect } from 'chai';
import { createStandardModel } from '../../src/model/standard-model.ts';
import { createSeededRandom } from '../../src/random.ts';
import { compareAnswer } from './compare/compare.ts';
import { mutateExchanges } from './mutate/mutate-exchanges.ts';
import { httpMutators } from './mutate/mutate-http.ts';
import { createJsonMutators, isWritten } from './mutate/mutate-json.ts';
import { pick } from './mutate/mutation.ts';
import { type Recorded, recordAnswers } from './mutate/record.ts';

describe('compareAnswer', () => {
  let recorded: readonly Recorded[];

  before(async () => {
    recorded = await recordAnswers();
  });

  it('finds no difference between an answer and itself', () => {
    for (const { exchange, answer } of recorded) {
      expect(compareAnswer(exchange, answer), exchange.id).to.deep.equal([]);
    }
  });

  it('finds the changes that the command makes in a file', () => {
    const exchanges = recorded.map(({ exchange }) => exchange);
    const options = { model: createStandardModel(), count: 60, random: createSeededRandom(4) };
    expect(mutateExchanges(exchanges, options)).to.deep.equal({ total: 60, missed: [] });
  });

  for (const seed of [1, 2, 3]) {
    it(`finds each of 480 changes of an answer (seed ${seed})`, () => {
      const random = createSeededRandom(seed);
      const missed: string[] = [];
      const mutators = [...httpMutators, ...createJsonMutators(isWritten)];
      for (let count = 0; count < 480; count++) {
        const mutator = mutators[count % mutators.length];
        const changes = recorded.flatMap(({ exchange, answer }) => {
          const mutation = mutator?.(answer, random);
          return mutation ? [{ exchange, mutation }] : [];
        });
        const change = pick(changes, random);
        if (!change) throw new Error(`No answer can be changed by ${mutator?.name}.`);
        const differences = compareAnswer(change.exchange, change.mutation.answer);
        if (differences.length === 0) missed.push(`${change.exchange.id}: ${change.mutation.name}`);
      }
      expect(missed).to.deep.equal([]);
    });
  }
});
