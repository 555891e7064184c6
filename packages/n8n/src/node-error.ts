import type { JsonObject } from 'dynamics365-connector';
import { ConnectorError } from 'dynamics365-connector/host';
import type { N8nHelpers, WorkflowNode } from './n8n-types.ts';

/**
 * An error as n8n shows it: what is wrong, and below it every issue, the next step and the stable code. What n8n
 * threw itself (an expression, a missing file) is its own already.
 */
export function toNodeError(
  helpers: N8nHelpers,
  node: WorkflowNode,
  at: { thrown: unknown; itemIndex?: number },
): unknown {
  const { thrown, ...place } = at;
  if (!(thrown instanceof ConnectorError)) return thrown;
  const words = { message: thrown.message, description: describeError(thrown), ...place };
  const { status } = thrown.details;
  if (status === undefined) return new helpers.NodeOperationError(node, thrown, words);
  return new helpers.NodeApiError(node, thrown.toJSON(), { ...words, httpCode: String(status) });
}

/** An error as an item, where the author wants the workflow to go on. */
export function toErrorJson(thrown: unknown): JsonObject {
  if (thrown instanceof ConnectorError) return { error: thrown.toJSON() };
  return { error: { message: thrown instanceof Error ? thrown.message : String(thrown) } };
}

function describeError({ code, advice, details: { issues = [], diagnostics = [] } }: ConnectorError): string {
  const lines = [
    ...issues.map(({ path, message }) => `${path || 'The input'} ${message}.`),
    ...diagnostics.map(({ message, fix }) => `${message}${fix === undefined ? '' : ` (${fix})`}.`),
  ];
  return [...lines, advice, `(${code})`].join(' ');
}
