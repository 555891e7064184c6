import { ConnectorError } from '../errors/connector-error.ts';
import type { PipelineRequest } from './pipeline-request.ts';

/**
 * Returns the error for the caller, with operation and request id. If an attempt of a write may have been carried out
 * and a retry would do the work twice, the error becomes REQUEST_OUTCOME_UNKNOWN, except when the organization clearly
 * rejected the data or the permission.
 */
export function markUnknownOutcome(request: PipelineRequest, error: ConnectorError): ConnectorError {
  const { operation, requestId, method, safety, state } = request;
  if (!state.ambiguous || method === 'GET') return error.withDetails({ operation, requestId });
  const known = error.withDetails({ operation, requestId, maybeSent: true });
  if (error.code === 'ABORTED') {
    return known.withDetails({
      advice: 'The request may have been carried out. Look at the row before you try again.',
    });
  }
  const notRepeatable = safety === 'once' || safety === 'create';
  if (!notRepeatable || error.category === 'data' || error.category === 'permission') return known;
  const { advice: _, ...details } = known.details;
  return new ConnectorError(
    'REQUEST_OUTCOME_UNKNOWN',
    `The request was sent, but no response arrived, so it may have been carried out. ${error.message}`,
    details,
  );
}
