import { expect } from 'chai';
import { compile, realFiles } from '../../manifest/support/manifests.ts';
import { type CatalogFixture, openFixture } from './exercises/fixture.ts';
import { findExercise } from './exercises/index.ts';

/** Every action there is, with what it does to an organization; one without an exercise fails here. */
describe('every action does what it says', function () {
  this.timeout(20_000);
  const { actions, tables } = compile(realFiles()).definition!;
  let stage: CatalogFixture;
  before(async () => {
    stage = await openFixture();
  });
  after(() => stage.close());

  for (const action of Object.keys(actions)) {
    it(action, async () => {
      const exercise = findExercise(action, tables);
      if (exercise === undefined) return expect.fail('it has no exercise: write one beside the others');
      await exercise(stage);
      expect([...stage.ran], 'what its exercise runs').to.include(action);
    });
  }

  it('and no exercise is content with an action that does nothing', async () => {
    const idle: CatalogFixture = { ...stage, run: async () => ({}) as never };
    const content: string[] = [];
    for (const action of Object.keys(actions)) {
      const work = findExercise(action, tables)?.(idle);
      await work?.then(
        () => content.push(action),
        () => undefined,
      );
    }
    expect(content).to.deep.equal([]);
  });
});
