import { ConnectorError } from '../errors/connector-error.ts';
import type { PipelineRequest } from './pipeline-request.ts';

/**
 * The error as the caller must see it: with the call's name and id, and honest about what may have happened.
 * Where an attempt of a write may have been carried out and its repetition would do the work twice, only a
 * clear no of the organization remains what it is; everything else becomes REQUEST_OUTCOME_UNKNOWN.
 */
export function resolveOutcome(request: PipelineRequest, error: ConnectorError): ConnectorError {
  const { operation, requestId, method, safety, state } = request;
  const known = error.withDetails({ operation, requestId });
  if (!state.ambiguous || method === 'GET') return known;
  if (error.code === 'ABORTED') {
    return known.withDetails({
      advice: 'The request may have been carried out already: look at the row before repeating.',
    });
  }
  const doneTwice = safety === 'once' || safety === 'create';
  if (!doneTwice || error.category === 'data' || error.category === 'permission') return known;
  const { advice: _, ...details } = known.details;
  return new ConnectorError(
    'REQUEST_OUTCOME_UNKNOWN',
    `The request was sent, but its answer did not arrive: it may have been carried out. ${error.message}`,
    details,
  );
}
