import type { JsonObject } from 'dynamics365-connector';
import { createRanking, describeOperation, type OperationView, runtimeOf } from 'dynamics365-connector/host';
import { inputSignature } from './input-signature.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { isAllowed } from './permissions.ts';

const maxResults = 8;

/** The size of an answer: a model pays for each character, in every later turn too. */
const maxAnswerLength = 3800;

/** The actions of a server as they are found: described, and ready to be ranked, once. */
export interface ActionFinder {
  readonly views: readonly OperationView[];
  readonly rank: (question: string) => readonly OperationView[];
}

export function createActionFinder({ connector }: Pick<McpServerConfig, 'connector'>): ActionFinder {
  const { definition } = runtimeOf(connector);
  const views = Object.values(definition.actions).map((action) => describeOperation(definition, action));
  return { views, rank: createRanking(views, definition.featured) };
}

/**
 * Finds actions by words of everyday language, best match first, each with its inputs on one line each, as far as the
 * answer stays short. The id of an action finds that action with all of its inputs.
 */
export function findActions(
  { connector, permissions }: McpServerConfig,
  { views, rank }: ActionFinder,
  query: string,
): JsonObject {
  const { definition } = runtimeOf(connector);
  const ranked = rank(query).slice(0, maxResults);
  if (ranked.length === 0) return { actions: [], advice: noMatchAdvice(views) };
  const found = ranked.map((view) => {
    const action = definition.actions[view.id];
    return {
      id: view.id,
      does: doesText(view),
      allowed: action !== undefined && isAllowed(action, permissions),
    };
  });
  return { actions: addInputs(found, ranked) };
}

function doesText({ title, description }: OperationView): string {
  const [sentence = ''] = description.split(/(?<=\.) /, 1);
  return sentence === '' ? title : sentence;
}

/** Adds the inputs of the best matches while the answer stays short: all of the first one, the required ones of others. */
function addInputs(found: readonly JsonObject[], views: readonly OperationView[]): readonly JsonObject[] {
  let left = maxAnswerLength - JSON.stringify(found).length;
  return found.map((action, rank) => {
    const fields = views[rank]?.fields ?? [];
    const shown: string[] = [];
    const share = rank === 0 ? left * 0.7 : left / 2;
    let used = 30;
    for (const field of fields) {
      const line = inputSignature(field);
      used += JSON.stringify(line).length + 1;
      if (used > share) break;
      shown.push(line);
    }
    if (shown.length === 0) return action;
    const hidden = fields.slice(shown.length).map(({ name }) => name);
    left -= used;
    return { ...action, input: hidden.length === 0 ? shown : [...shown, `and ${hidden.length} more`] };
  });
}

function noMatchAdvice(views: readonly OperationView[]): string {
  const groups = [...new Set(views.map(({ resource }) => resource))].join(', ');
  return `No action matches. Name what to do and with what, such as "close ticket". Actions are about: ${groups}.`;
}
