import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { type CaseResult, runTests } from 'dynamics365-connector/authoring';
import { matchIds } from 'dynamics365-connector/host';
import type { CommandContext } from './context.ts';

/** `d365 test [only]`: contract tests and free tests of a manifest, without network. Exit code 1 when one fails. */
export default async function test({ terminal, args, options }: CommandContext) {
  const connector = await loadConnector({ folder: options.manifest });
  const [glob = '*'] = args;
  const only = matchIds(glob);
  const results: CaseResult[] = [];
  await terminal.during('testing', async (say) => {
    for await (const result of runTests(connector, only)) {
      results.push(result);
      say(`${results.length} tests, ${result.operation}`);
      if (terminal.json) terminal.out(JSON.stringify(result));
    }
  });
  // A mistyped name must not pass for a green run.
  if (results.length === 0)
    throw new ConnectorError('OPERATION_UNKNOWN', `No action or trigger has tests for "${glob}".`);
  const failed = results.filter((result) => result.faults.length > 0);
  if (!terminal.json) {
    for (const { file, operation, name, faults } of failed) {
      terminal.out(`${terminal.style('red', 'failed')}  ${operation}: ${name}  (${file})`);
      for (const fault of faults) terminal.out(`        ${fault}`);
    }
  }
  terminal.note(`${results.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}
