import type { Random } from '../random.ts';
import { createErrorResponse } from '../web-api/error-response.ts';
import type { RequestHandler } from './listen.ts';
import { type OutgoingResponse, sendResponse } from './send-response.ts';
import type { VerifiedToken } from './verify-token.ts';

/** An organization as the Global Discovery Service lists it. */
export interface DiscoveryInstance {
  readonly Id: string;
  readonly UniqueName: string;
  readonly UrlName: string;
  readonly FriendlyName: string;
  readonly Url: string;
  readonly ApiUrl: string;
  readonly [field: string]: string | number | boolean | null;
}

/** Options of the discovery service. */
export interface DiscoveryHandlerOptions {
  readonly origin: string;
  readonly authority: string;
  readonly now: () => number;
  /** Source of request ids and cookies. */
  readonly random: Random;
  readonly verifyToken: (authorization: string | undefined) => VerifiedToken | undefined;
  /** The organizations that the user is a member of. */
  readonly listInstances: (objectId: string) => readonly DiscoveryInstance[];
}

const pathPattern = /^\/api\/discovery\/v2\.0\/Instances(?:\(([^)]*)\))?$/;

/**
 * Serves `GET /api/discovery/v2.0/Instances`, also by id and by unique name, with `$select` and
 * `$filter=Field eq 'value'`. An app-only token gets an empty list.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/discover-url-organization-web-api
 */
export function createDiscoveryHandler(options: DiscoveryHandlerOptions): RequestHandler {
  return async (request, response) => {
    const token = options.verifyToken(request.headers.authorization);
    const result = token ? listInstances(options, token, request.url ?? '/') : challengeResponse(options);
    sendResponse(request, response, { ...result, now: options.now(), random: options.random });
  };
}

function listInstances(
  options: DiscoveryHandlerOptions,
  token: VerifiedToken,
  target: string,
): OutgoingResponse {
  const url = URL.parse(options.origin + target);
  const path = pathPattern.exec(url?.pathname.replaceAll('%27', "'") ?? '');
  if (!url || !path)
    return createErrorResponse(404, '', 'No HTTP resource was found that matches the request URI.');
  const all = token.isApp ? [] : options.listInstances(token.objectId);
  const key = path[1];
  if (key !== undefined) {
    const name = /^UniqueName='(.*)'$/.exec(key)?.[1];
    const one = all.find((instance) =>
      name === undefined ? instance.Id === key : instance.UniqueName === name,
    );
    return one
      ? jsonResponse(options, selectFields(one, url))
      : createErrorResponse(404, '0x80040217', 'The instance was not found.');
  }
  const filter = url.searchParams.get('$filter');
  const equals = /^\s*(\w+) eq '?([^']*)'?\s*$/.exec(filter ?? '');
  if (filter !== null && !equals)
    return createErrorResponse(
      400,
      '0x80060888',
      "The sandbox supports only filters of the form $filter=Field eq 'value'.",
    );
  const matching = equals ? all.filter((instance) => String(instance[equals[1] ?? '']) === equals[2]) : all;
  return jsonResponse(options, { value: matching.map((instance) => selectFields(instance, url)) });
}

function selectFields(instance: DiscoveryInstance, url: URL): Record<string, unknown> {
  const selected = url.searchParams.get('$select')?.split(',');
  return Object.fromEntries(Object.entries(instance).filter(([field]) => selected?.includes(field) ?? true));
}

function jsonResponse(options: DiscoveryHandlerOptions, body: Record<string, unknown>): OutgoingResponse {
  const context = `${options.origin}/api/discovery/v2.0/$metadata#Instances`;
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' },
    body: JSON.stringify({ '@odata.context': context, ...body }),
  };
}

function challengeResponse({ authority, origin }: DiscoveryHandlerOptions): OutgoingResponse {
  const value = `Bearer authorization_uri=${authority}/common/oauth2/authorize, resource_id=${origin}/`;
  return { status: 401, headers: { 'WWW-Authenticate': value } };
}
