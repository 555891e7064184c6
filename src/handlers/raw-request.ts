import { ConnectorError } from '../errors/connector-error.ts';
import type { RetrySafety } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { optionHeaders } from '../run/call-options.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import type { Handler } from './handler.ts';

const safetyByMethod: Readonly<Record<HttpMethod, RetrySafety>> = {
  GET: 'repeatable',
  PATCH: 'repeatable',
  PUT: 'repeatable',
  DELETE: 'delete',
  POST: 'once',
};

/** Headers that belong to the engine and the token. */
const reservedHeaders =
  /^(authorization|host|cookie|content-length|transfer-encoding|connection|x-ms-client-request-id)$/i;

/** Any request below the Web API's address; never to another place, and always with the connection's own token. */
export const rawRequest: Handler = async (
  { method, path, query, headers, body },
  { connection, action, options },
) => {
  const given = (headers ?? {}) as Readonly<Record<string, string>>;
  const refused = Object.keys(given).find((name) => reservedHeaders.test(name));
  if (refused !== undefined) {
    throw new ConnectorError('INPUT_INVALID', `The header "${refused}" belongs to the connection.`);
  }
  const answer = await sendApiRequest(connection, {
    operation: action.id,
    method: method as HttpMethod,
    path: `${path}${encodeQuery(Object.entries((query ?? {}) as Readonly<Record<string, string>>))}`,
    headers: { ...given, ...optionHeaders(options) },
    ...(body === undefined ? {} : { body }),
    safety: safetyByMethod[method as HttpMethod],
    ...(options.signal && { signal: options.signal }),
  });
  return { status: answer.status, body: answer.body ?? null };
};
