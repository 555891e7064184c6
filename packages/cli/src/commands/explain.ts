import { loadConnector } from 'dynamics365-connector';
import { requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { describeOrigin } from '../describe-origin.ts';
import { formatStepPlans } from '../format-plan.ts';
import { inputSchemaOf } from '../input-schema.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 explain <action>`: prints the requests without sending them, and the clauses that missing inputs omit. */
export default async function explain({ terminal, args, options }: CommandContext<InputOptions>) {
  const [action = ''] = args;
  const connector = await loadConnector({ manifest: options.manifest });
  const settings = options.org === undefined ? undefined : { orgUrl: options.org };
  const input = await readInput(options, inputSchemaOf(connector, action));
  const plans = connector.explainSteps(action, input, settings);
  const { file, from, handler } = requireOperation('action', runtimeOf(connector).definition.actions, action);
  if (terminal.json) {
    const [single] = plans;
    const content = handler === undefined ? single?.plan : { operation: action, steps: plans };
    terminal.printJson({ ...content, file, from });
  } else {
    terminal.print(formatStepPlans(plans, terminal.style));
    terminal.printNote(`defined in ${describeOrigin({ file, from })}`);
  }
  return 0;
}
