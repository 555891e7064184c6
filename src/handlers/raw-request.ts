import { ConnectorError } from '../errors/connector-error.ts';
import type { RetrySafety } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { optionHeaders } from '../run/call-options.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { assertName } from '../validation/assert-options.ts';
import type { Handler } from './handler.ts';

const safetyByMethod: Readonly<Record<HttpMethod, RetrySafety>> = {
  GET: 'repeatable',
  PATCH: 'repeatable',
  PUT: 'repeatable',
  DELETE: 'delete',
  POST: 'once',
};

/** Headers that the engine sets. Those of the connection are refused for every request. */
const reservedHeaders =
  /^(authorization|host|cookie|content-length|transfer-encoding|connection|x-ms-client-request-id)$/i;

/** Sends any request below the Web API's base URL, with the token of the connection. */
export const rawRequest: Handler = async (
  { method, path, query, headers, body },
  { connection, action, options },
) => {
  const given = (headers ?? {}) as Readonly<Record<string, string>>;
  const reserved = Object.keys(given).find((name) => reservedHeaders.test(name));
  if (reserved !== undefined) {
    const advice = `Remove the header "${reserved}".`;
    throw new ConnectorError('INPUT_INVALID', `The connector sets the header "${reserved}".`, { advice });
  }
  assertName(path, 'The path');
  const response = await sendApiRequest(connection, {
    operation: action.id,
    method: method as HttpMethod,
    path: `${path}${encodeQuery(Object.entries((query ?? {}) as Readonly<Record<string, string>>))}`,
    headers: { ...given, ...optionHeaders(options) },
    body,
    safety: safetyByMethod[method as HttpMethod],
    signal: options.signal,
  });
  return { status: response.status, body: response.body ?? null };
};
