import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { sampleInput } from 'dynamics365-connector/authoring';
import { runtimeOf } from 'dynamics365-connector/host';
import { formatStepPlans } from '../format-plan.ts';
import { repeatOnChange } from '../repeat-on-change.ts';
import { requireManifest } from '../require-manifest.ts';
import check from './check.ts';
import type { CommandContext } from './command-context.ts';
import test from './test.ts';

/**
 * `d365 dev`: checks a manifest now and whenever one of its files is saved, and if it has no errors, prints the request of
 * the action of that file and tests its operations. Ends with the process.
 */
export default async function dev({ terminal, options }: CommandContext): Promise<number> {
  return await repeatOnChange(requireManifest(options, '`d365 dev`'), terminal, (changed) =>
    checkAndTest(changed, { terminal, args: [], options }),
  );
}

async function checkAndTest(changed: readonly string[], context: CommandContext): Promise<void> {
  const options = { ...context.options, format: 'text' as const };
  if ((await check({ ...context, options })) !== 0) return;
  const patterns = new Set(changed.flatMap((file) => findOperations(file) ?? []));
  for (const file of changed) await printRequest(file, context);
  for (const pattern of patterns) await test({ ...context, args: [pattern], options });
}

/** Prints what the action of a file sends: with the input of its first test, or one of the types of its inputs. */
async function printRequest(file: string, { terminal, options }: CommandContext): Promise<void> {
  const [, id = ''] = /^actions[/\\](.+)\.yaml$/.exec(file) ?? [];
  const connector = await loadConnector({ manifest: options.manifest });
  const action = runtimeOf(connector).definition.actions[id];
  // A template is explained by the table that it is for; a handler sends what its code decides.
  if (action === undefined || (action.handler !== undefined && action.handler !== 'runSteps')) return;
  const input = sampleInput(action);
  terminal.printNote(`\n${id} ${JSON.stringify(input)}`);
  try {
    terminal.print(formatStepPlans(connector.explainSteps(id, input), terminal.style));
  } catch (error) {
    // The request of this input needs the tables of the organization; the tests run all the same.
    if (!(error instanceof ConnectorError)) throw error;
    terminal.printNote(error.message);
  }
}

/** The operations of a file: `actions/case.escalate.yaml` -> case.escalate, `schemas/tables/ticket.yaml` -> ticket.* */
function findOperations(file: string): string | undefined {
  const [, folder, name = ''] = /^(actions|triggers|schemas[/\\]tables)[/\\](.+)\.yaml$/.exec(file) ?? [];
  if (folder === undefined) return undefined;
  if (name.startsWith('_.')) return `*.${name.slice('_.'.length)}`;
  return folder.startsWith('schemas') ? `${name}.*` : name;
}
