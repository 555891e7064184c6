import { ConnectorError } from '../../errors/connector-error.ts';
import type { Safety } from '../../model/definition.ts';
import type { Method } from '../../model/http.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { encodeQuery } from '../../odata/url.ts';
import { callApi } from '../call-api.ts';
import { optionHeaders } from '../call-options.ts';
import { entitySet } from '../organisation-table.ts';
import type { Handler } from './handler.ts';

/**
 * Calls an action or function of Dataverse by its name, of the organisation's own making too.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export const callOperation: Handler = async (
  { name, kind, on, parameters },
  { connection, action, options },
) => {
  const bound = on as { table: string; id: string } | undefined;
  const given = (parameters ?? {}) as JsonObject;
  const start =
    bound === undefined
      ? `/${name}`
      : `/${await entitySet(connection.checker.source, bound.table)}(${bound.id})/Microsoft.Dynamics.CRM.${name}`;
  const isAction = kind === 'action';
  const { body } = await callApi(connection, {
    operation: action.id,
    method: isAction ? 'POST' : 'GET',
    path: isAction ? start : `${start}${functionCall(given)}`,
    headers: optionHeaders(options),
    ...(isAction ? { body: given } : {}),
    safety: isAction ? 'once' : 'repeatable',
    ...(options.signal && { signal: options.signal }),
  });
  return body ?? null;
};

/** `(A=@p0,B=@p1)?@p0=1&@p1='x'`: aliases keep values out of the path. */
function functionCall(parameters: JsonObject): string {
  const names = Object.keys(parameters);
  const bad = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (bad !== undefined) throw new ConnectorError('INPUT_INVALID', 'A parameter has a name that is none.');
  const list = names.map((name, index) => `${name}=@p${index}`).join(',');
  return `(${list})${encodeQuery(names.map((name, index) => [`@p${index}`, literal(parameters[name]!)] as const))}`;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids stand bare, other text in quotes; lists and objects are JSON. */
function literal(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return uuid.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

const safeties: Readonly<Record<Method, Safety>> = {
  GET: 'repeatable',
  PATCH: 'repeatable',
  PUT: 'repeatable',
  DELETE: 'delete',
  POST: 'once',
};

/** Headers that belong to the engine and the token. */
const ours =
  /^(authorization|host|cookie|content-length|transfer-encoding|connection|x-ms-client-request-id)$/i;

/** Any request below the Web API's address; never to another place, and always with the connection's own token. */
export const rawRequest: Handler = async (
  { method, path, query, headers, body },
  { connection, action, options },
) => {
  const given = (headers ?? {}) as Readonly<Record<string, string>>;
  const refused = Object.keys(given).find((name) => ours.test(name));
  if (refused !== undefined) {
    throw new ConnectorError('INPUT_INVALID', `The header "${refused}" belongs to the connection.`);
  }
  const answer = await callApi(connection, {
    operation: action.id,
    method: method as Method,
    path: `${path}${encodeQuery(Object.entries((query ?? {}) as Readonly<Record<string, string>>))}`,
    headers: { ...given, ...optionHeaders(options) },
    ...(body === undefined ? {} : { body }),
    safety: safeties[method as Method],
    ...(options.signal && { signal: options.signal }),
  });
  return { status: answer.status, body: answer.body ?? null };
};
