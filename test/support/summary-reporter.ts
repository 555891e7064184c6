import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Mocha's `spec` reporter with more at the end: the tests that failed at their first attempt, each with its error, also if
 * they passed at the second one, and the line `N passed, N failed`, which scripts can read. The file named by MOCHA_RESULTS gets the
 * same numbers as one line of JSON; that of MOCHA_TIMES gets the duration of each test.
 */
export default class SummaryReporter extends Mocha.reporters.Spec {
  readonly #retried: string[] = [];

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('retry', (test: Mocha.Test, error: Error) => {
      this.#retried.push(`${test.titlePath().join(' > ')}\n${indent(error.stack ?? String(error))}`);
    });
    const times = process.env.MOCHA_TIMES;
    if (times === undefined) return;
    runner.on('test end', (test: Mocha.Test) => {
      const { file, duration } = test;
      appendFileSync(times, `${JSON.stringify({ file, title: test.titlePath().join(' > '), duration })}\n`);
    });
  }

  override epilogue(): void {
    super.epilogue();
    const { passes: passed, failures: failed } = this.stats;
    const file = process.env.MOCHA_RESULTS;
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ passed, failed })}\n`);
    if (this.#retried.length > 0) {
      process.stdout.write(`${this.#retried.length} tests failed at the first attempt:\n\n`);
      for (const one of this.#retried) process.stdout.write(`${one}\n\n`);
    }
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
