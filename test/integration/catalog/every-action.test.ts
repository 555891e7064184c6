import { expect } from 'chai';
import { realDefinition } from '../../manifest/support/manifests.ts';
import { type CatalogFixture, openFixture } from './exercises/fixture.ts';
import { findExercise } from './exercises/index.ts';

/** Runs every action against the sandbox and checks the effect in its database. An action without an exercise fails. */
describe('every action has its documented effect on the sandbox', () => {
  const { actions, tables } = realDefinition();
  let fixture: CatalogFixture;
  before(async () => {
    fixture = await openFixture();
  });
  after(() => fixture.close());

  for (const action of Object.keys(actions)) {
    it(action, async () => {
      const exercise = findExercise(action, tables);
      if (exercise === undefined)
        return expect.fail('The action has no exercise. Add one to test/integration/catalog/exercises.');
      await exercise(fixture);
      expect([...fixture.ran], 'actions that its exercise runs').to.include(action);
    });
  }

  it('every exercise fails if its action does nothing', async () => {
    const idle: CatalogFixture = { ...fixture, run: async () => ({}) as never };
    const passing: string[] = [];
    for (const action of Object.keys(actions)) {
      const work = findExercise(action, tables)?.(idle);
      await work?.then(
        () => passing.push(action),
        () => undefined,
      );
    }
    expect(passing).to.deep.equal([]);
  });
});
