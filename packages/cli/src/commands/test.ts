import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { type ContractCaseResult, runContractTests } from 'dynamics365-connector/authoring';
import { createIdMatcher, runtimeOf } from 'dynamics365-connector/host';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 test [pattern]`: runs the contract tests of a manifest, without network. Exit code 1 if one fails. */
export default async function test({ terminal, args, options }: CommandContext) {
  const connector = await loadConnector({ folder: options.manifest });
  const [pattern = '*'] = args;
  const results: ContractCaseResult[] = [];
  await terminal.withSpinner('testing', async (update) => {
    for await (const result of runContractTests(runtimeOf(connector), createIdMatcher(pattern))) {
      results.push(result);
      update(`${results.length} tests, ${result.operation}`);
      if (terminal.json) terminal.print(JSON.stringify(result));
    }
  });
  // Without this error, a mistyped pattern would look like success.
  if (results.length === 0)
    throw new ConnectorError('OPERATION_UNKNOWN', `No action or trigger with tests matches "${pattern}".`);
  const failed = results.filter((result) => result.failures.length > 0);
  if (!terminal.json) for (const result of failed) printFailedCase(terminal, result);
  terminal.printNote(`${results.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}

function printFailedCase(terminal: Terminal, { file, operation, name, failures }: ContractCaseResult): void {
  terminal.print(`${terminal.style('red', 'failed')}  ${operation}: ${name}  (${file})`);
  for (const failure of failures) terminal.print(`        ${failure}`);
}
