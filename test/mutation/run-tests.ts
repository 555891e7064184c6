/** A process that runs tests against one mutant after the other, as its parent asks. */
import { pathToFileURL } from 'node:url';
import Mocha from 'mocha';
import '../support/fixed-seed.ts';
import { findOwnBuild } from '../support/own-build.ts';
import { type LoadedMutant, registerMutants } from './load-mutant.ts';

/** What the parent asks: which tests, against which mutant. The answer is whether they pass. */
export interface MutantQuestion extends LoadedMutant {
  readonly number: number;
  readonly tests: readonly string[];
}

findOwnBuild();
const setMutant = registerMutants();

process.on('message', (question: MutantQuestion) => {
  passes(question).then(
    (passed) => process.send?.({ passed }),
    () => process.send?.({ passed: false }),
  );
});

/** Runs the files in order, and ends at the first test that fails. */
async function passes({ number, tests, ...loaded }: MutantQuestion): Promise<boolean> {
  setMutant(number, loaded);
  for (const test of tests) {
    const mocha = new Mocha({ bail: true, retries: 0, timeout: 20_000, reporter: SilentReporter, ui: 'bdd' });
    // The functions `describe` and `it` of this run.
    mocha.suite.emit('pre-require', globalThis, test, mocha);
    await import(`${pathToFileURL(test)}?mutant=${number}`);
    const { passes, failures } = await new Promise<Mocha.Stats>((resolve) => {
      const runner = mocha.run(() => resolve(runner.stats as Mocha.Stats));
    });
    if (failures > 0 || passes === 0) return false;
  }
  return true;
}

class SilentReporter extends Mocha.reporters.Base {
  override epilogue(): void {}
}
