import type { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorMapping } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';
import type { Json } from '../model/json.ts';
import { toResponseError } from './to-response-error.ts';

/** A request inside a batch: the properties that its error needs. */
export interface BatchPartRequest {
  readonly operation: string;
  readonly requestId: string;
  readonly method: HttpMethod;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Creates the error of one part of a batch, with the same explanation as for a single request. */
export function toPartError(
  request: BatchPartRequest,
  response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json | undefined;
  },
  rules: readonly ErrorMapping[],
): ConnectorError {
  const state = { attempts: 1, ambiguous: false, tokenRenewed: false };
  const pipelineRequest = {
    ...request,
    redactedPath: '',
    safety: 'repeatable' as const,
    deadline: 0,
    state,
  };
  return toResponseError(pipelineRequest, { ...response, text: '' }, rules);
}
