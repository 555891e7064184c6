import { asConnectorError } from '../../errors/as-connector-error.ts';
import type { ConnectorError } from '../../errors/connector-error.ts';
import type { HostNode, Kit } from './n8n.ts';

/** An error as n8n shows it: what is wrong, and below it every issue, the next step and the stable code. */
export function toNodeError(kit: Kit, node: HostNode, at: { thrown: unknown; itemIndex?: number }): Error {
  const error = asConnectorError(at.thrown);
  const { status } = error.details;
  const words = {
    message: error.message,
    description: describe(error),
    ...(at.itemIndex === undefined ? {} : { itemIndex: at.itemIndex }),
  };
  if (status === undefined) return new kit.NodeOperationError(node, error, words);
  return new kit.NodeApiError(node, error.toJSON(), { ...words, httpCode: String(status) });
}

function describe({ code, advice, details: { issues = [], diagnostics = [] } }: ConnectorError): string {
  const faults = [
    ...issues.map(({ path, message }) => `${path || 'The input'} ${message}.`),
    ...diagnostics.map(({ message, fix }) => `${message}${fix === undefined ? '' : ` (${fix})`}.`),
  ];
  return [...faults, advice, `(${code})`].join(' ');
}
