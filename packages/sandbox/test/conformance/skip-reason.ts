import type { Model } from '../../src/model/types.ts';
import { webApiOperations } from '../../src/operations/registry.ts';
import { type Exchange, firstSegment } from './exchange.ts';
import { customTableOf } from './seed/custom-table.ts';

/** Path segments that are neither tables nor operations. */
const metadata =
  /^(?:\$batch|\$metadata|EntityDefinitions|RelationshipDefinitions|GlobalOptionSetDefinitions)$/;

/** The reason for leaving out an exchange: it is out of scope, or its entry is incomplete. */
export function findSkipReason(exchange: Exchange, model: Model): string | undefined {
  const { request, response, problem } = exchange;
  if (problem !== undefined) return problem;
  const segment = firstSegment(request.url);
  if (segment === undefined) return 'not a request to the Web API';
  const operation = webApiOperations.some(({ name, boundTo }) => name === segment && !boundTo);
  if (!operation && !metadata.test(segment) && !model.tableBySet(segment) && !customTableOf(request, model)) {
    return `not a modeled table or operation: ${segment}`;
  }
  const custom = customActionOf(request.url);
  if (custom !== undefined) return `a custom action of the organization: ${custom}`;
  if (!response || (response.status === null && response.body === '')) return 'the entry has no response';
  if (!/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(request.method)) {
    return `unknown method: ${request.method || 'none'}`;
  }
  if (segment !== '$batch' && /\n(GET|POST|DELETE) /.test(request.body ?? ''))
    return 'several requests in one entry';
  if (segment !== '$batch' && request.body && request.method !== 'GET' && !isJson(request.body)) {
    return 'the request body is not valid JSON';
  }
  if (exchange.format === 'recording' && /"error":\{"code":"(?:0x0)?"/.test(response.body)) {
    return 'an error of an organization before 2023: code 0x0';
  }
  if (
    /^\s*[{[]/.test(response.body) &&
    !isJson(response.body) &&
    !/^\s*\{\s*…\s*\}\s*$/.test(response.body)
  ) {
    return 'the response body is not valid JSON';
  }
  return undefined;
}

/** A bound action with the prefix of a publisher: only its organization knows what it does. */
function customActionOf(url: string): string | undefined {
  const name = /\/Microsoft\.Dynamics\.CRM\.([a-z][a-z0-9]{1,7}_\w+)(?:\(|$)/.exec(url)?.[1];
  const isKnown = webApiOperations.some((operation) => operation.name === name);
  return name === undefined || isKnown || name.startsWith('msdyn_') ? undefined : name;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
