import type { Handle } from './listen.ts';
import { type Answer, errorAnswer, send } from './send.ts';
import type { TokenFacts } from './token-check.ts';

/** An organisation as the Global Discovery Service lists it. */
export interface Instance {
  readonly Id: string;
  readonly UniqueName: string;
  readonly UrlName: string;
  readonly FriendlyName: string;
  readonly Url: string;
  readonly ApiUrl: string;
  readonly [field: string]: string | number | boolean | null;
}

/** What the service works with. */
export interface DiscoveryOptions {
  readonly origin: string;
  readonly authority: string;
  readonly now: () => number;
  readonly checkToken: (authorization: string | undefined) => TokenFacts | undefined;
  /** The organisations that a person may enter. */
  readonly instancesOf: (objectId: string) => readonly Instance[];
}

const PATH = /^\/api\/discovery\/v2\.0\/Instances(?:\(([^)]*)\))?$/;

/**
 * Serves `GET /api/discovery/v2.0/Instances`, also by id and by unique name, with `$select` and `$filter=Field eq
 * 'value'`. Apps that act as themselves see no organisations.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/discover-url-organization-web-api
 */
export function discoveryServer(options: DiscoveryOptions): Handle {
  return async (request, response) => {
    const token = options.checkToken(request.headers.authorization);
    const answer = token ? list(options, token, request.url ?? '/') : challenge(options);
    send(request, response, { ...answer, now: options.now() });
  };
}

function list(options: DiscoveryOptions, token: TokenFacts, target: string): Answer {
  const url = URL.parse(options.origin + target);
  const path = PATH.exec(url?.pathname.replaceAll('%27', "'") ?? '');
  if (!url || !path) return errorAnswer(404, '', 'No HTTP resource was found that matches the request URI.');
  const all = token.isApp ? [] : options.instancesOf(token.objectId);
  const key = path[1];
  if (key !== undefined) {
    const name = /^UniqueName='(.*)'$/.exec(key)?.[1];
    const one = all.find((instance) =>
      name === undefined ? instance.Id === key : instance.UniqueName === name,
    );
    return one
      ? json(options, select(one, url))
      : errorAnswer(404, '0x80040217', 'The instance was not found.');
  }
  const filter = url.searchParams.get('$filter');
  const equals = /^\s*(\w+) eq '?([^']*)'?\s*$/.exec(filter ?? '');
  if (filter !== null && !equals)
    return errorAnswer(400, '0x80060888', 'Only Field eq value can be filtered on.');
  const kept = equals ? all.filter((instance) => String(instance[equals[1] ?? '']) === equals[2]) : all;
  return json(options, { value: kept.map((instance) => select(instance, url)) });
}

function select(instance: Instance, url: URL): Record<string, unknown> {
  const wanted = url.searchParams.get('$select')?.split(',');
  return Object.fromEntries(Object.entries(instance).filter(([field]) => wanted?.includes(field) ?? true));
}

function json(options: DiscoveryOptions, body: Record<string, unknown>): Answer {
  const context = `${options.origin}/api/discovery/v2.0/$metadata#Instances`;
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' },
    body: JSON.stringify({ '@odata.context': context, ...body }),
  };
}

function challenge({ authority, origin }: DiscoveryOptions): Answer {
  const value = `Bearer authorization_uri=${authority}/common/oauth2/authorize, resource_id=${origin}/`;
  return { status: 401, headers: { 'WWW-Authenticate': value } };
}
