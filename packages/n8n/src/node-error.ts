import type { JsonObject } from 'dynamics365-connector';
import { ConnectorError, omitUndefined } from 'dynamics365-connector/host';
import type { N8nHelpers, WorkflowNode } from './n8n-types.ts';

/** What failed, and for which item. */
export interface NodeFailure {
  readonly thrown: unknown;
  readonly itemIndex?: number;
}

/**
 * Converts a ConnectorError to an n8n node error: the message, and as its description the issues, the advice and the
 * code. Errors of n8n itself (an expression, a missing file) are returned as they are.
 */
export function toNodeError(
  helpers: N8nHelpers,
  node: WorkflowNode,
  { thrown, itemIndex }: NodeFailure,
): unknown {
  if (!(thrown instanceof ConnectorError)) return thrown;
  const options = omitUndefined({
    message: thrown.message,
    description: describeError(thrown),
    itemIndex,
  });
  const { status } = thrown.details;
  if (status === undefined) return new helpers.NodeOperationError(node, thrown, options);
  return new helpers.NodeApiError(node, thrown.toJSON(), { ...options, httpCode: String(status) });
}

/** An error as the JSON of an item, for nodes that continue on failure. */
export function toErrorJson(thrown: unknown): JsonObject {
  if (thrown instanceof ConnectorError) return { error: thrown.toJSON() };
  return { error: { message: thrown instanceof Error ? thrown.message : String(thrown) } };
}

function describeError({ code, advice, details: { issues = [], diagnostics = [] } }: ConnectorError): string {
  const lines = [
    ...issues.map(({ path, message }) => `${path || 'The input'} ${message}.`),
    ...diagnostics.map(({ message, fix }) => `${message}${fix === undefined ? '' : ` (${fix})`}.`),
  ];
  return [...lines, ...sentencesWithoutCommands(advice), `(${code})`].join(' ');
}

/** Who uses the editor of n8n has no shell. */
function sentencesWithoutCommands(advice: string): readonly string[] {
  return advice.split(/(?<=[.;]) /).filter((sentence) => !sentence.includes('`d365'));
}
