import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Mocha's `spec` reporter with one more line at the end, `N passed, N failed`, which scripts can read. The file named by
 * MOCHA_RESULTS gets the same numbers as one line of JSON.
 */
export default class SummaryReporter extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes: passed, failures: failed } = this.stats;
    const file = process.env.MOCHA_RESULTS;
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ passed, failed })}\n`);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}
