import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { type ContractCaseResult, runContractTests } from 'dynamics365-connector/authoring';
import { createIdMatcher } from 'dynamics365-connector/host';
import type { CommandContext } from './command-context.ts';

/** `d365 test [only]`: contract tests and free tests of a manifest, without network. Exit code 1 when one fails. */
export default async function test({ terminal, args, options }: CommandContext) {
  const connector = await loadConnector({ folder: options.manifest });
  const [glob = '*'] = args;
  const only = createIdMatcher(glob);
  const results: ContractCaseResult[] = [];
  await terminal.withSpinner('testing', async (update) => {
    for await (const result of runContractTests(connector, only)) {
      results.push(result);
      update(`${results.length} tests, ${result.operation}`);
      if (terminal.json) terminal.print(JSON.stringify(result));
    }
  });
  // A mistyped name must not pass for a green run.
  if (results.length === 0)
    throw new ConnectorError('OPERATION_UNKNOWN', `No action or trigger has tests for "${glob}".`);
  const failed = results.filter((result) => result.failures.length > 0);
  if (!terminal.json) {
    for (const { file, operation, name, failures } of failed) {
      terminal.print(`${terminal.style('red', 'failed')}  ${operation}: ${name}  (${file})`);
      for (const fault of failures) terminal.print(`        ${fault}`);
    }
  }
  terminal.printNote(`${results.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}
