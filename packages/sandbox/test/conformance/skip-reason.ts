import type { Model } from '../../src/model/types.ts';
import { webApiOperations } from '../../src/operations/registry.ts';
import { type Sample, useLocalOrigin } from './sample.ts';

/** The reason for skipping a sample: it is out of scope, or has no request or no response. */
export function findSkipReason(sample: Sample, model: Model): string | undefined {
  const { request, response } = sample;
  const segment = /\/api\/data\/v[\d.]+\/([^/(?]+)/.exec(useLocalOrigin(request.url))?.[1];
  if (segment === undefined) return 'not a request to the Web API';
  const operation = webApiOperations.some(({ name, boundTo }) => name === segment && !boundTo);
  if (segment === '$batch') {
    if (!response) return 'the sample has no response';
    return undefined;
  }
  if (!operation && !model.tableBySet(segment)) return `not a modeled table or operation: ${segment}`;
  if (!response) return 'the sample has no response';
  if (/\n(GET|POST|DELETE) /.test(request.body ?? '')) return 'several requests in one sample';
  if (request.body && request.method !== 'GET' && !isJson(request.body)) return 'the body is not valid JSON';
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
