import { ConnectorError, type JsonObject, type StepPlan } from 'dynamics365-connector';
import { createValidator, sampleInput } from 'dynamics365-connector/authoring';
import { createConnector } from 'dynamics365-connector/host';
import { createNodeServices } from 'dynamics365-connector/node';
import type { Workspace } from './workspace.ts';

/** What the action of a file sends, by the text as it is in the editor. */
export interface Explanation {
  /** The id of the action; absent for a file without one. */
  readonly id?: string;
  readonly destructive?: boolean;
  readonly input?: JsonObject;
  readonly steps?: readonly StepPlan[];
  /** Why there is no request: the files have errors, or this input has. */
  readonly problem?: string;
}

/**
 * Answers `d365/explain`: the exact requests of the action of a file, without sending them.
 *
 * @param input by default an example: that of the first contract test, or one of the types of its inputs
 */
export async function explainAction(
  workspace: Workspace,
  { uri, input }: { readonly uri: string; readonly input?: JsonObject },
): Promise<Explanation> {
  const found = await workspace.compile(uri);
  const [, id] = /^actions\/([^_].*)\.yaml$/.exec(found?.file ?? '') ?? [];
  if (found === undefined || id === undefined) return {};
  const { definition } = found;
  if (definition === undefined) return { id, problem: 'The files have errors: see the marks in the editor.' };
  const action = definition.actions[id];
  if (action === undefined) return { id };
  const { destructive } = action.effects;
  const connector = createConnector({
    definition,
    validator: createValidator(),
    services: createNodeServices(),
  });
  try {
    const example = input ?? sampleInput(action);
    return { id, destructive, input: example, steps: connector.explainSteps(id, example) };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const issues = error.details.issues ?? [];
    const places = issues.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
    return { id, destructive, problem: `${error.message} ${places}`.trim() };
  }
}
