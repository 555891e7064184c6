import { ConnectorError } from '../../errors/connector-error.ts';
import type { ErrorRule } from '../../model/definition.ts';
import type { Json } from '../../model/json.ts';
import type { Answer } from '../call.ts';
import { explain } from '../explain.ts';
import type { Passage, Reply } from '../passage.ts';

/**
 * The last word on a reply: interprets what was read and nothing else. JSON becomes data; plain text, XML and
 * multipart stay text; HTML never comes from Dataverse, so it is refused with any status that a proxy or
 * sign-in page may answer with.
 */
export function decode(passage: Passage, reply: Reply, rules: readonly ErrorRule[]): Answer {
  const { status, headers } = reply;
  const { attempts, ambiguous } = passage.tally;
  if (isSuccess(status)) {
    const body = reply.text === '' ? undefined : parse(reply);
    if (body === unreadable) throw notJson(reply);
    return { status, headers, body, attempts, ambiguous };
  }
  if (isStranger(reply)) throw notJson(reply);
  const parsed = parse(reply);
  const body = parsed === unreadable ? reply.text : parsed;
  const error = explain(passage, { ...reply, body }, rules);
  return { status, headers, body, attempts, ambiguous, error };
}

function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

const unreadable = Symbol('unreadable');

function parse({ headers, text }: Reply): Json | typeof unreadable {
  const type = headers['content-type'] ?? 'application/json';
  if (/^(?:text\/plain|multipart\/mixed|application\/xml)\b/i.test(type)) return text;
  if (!/\bjson\b/i.test(type)) return unreadable;
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

/** A refusal in HTML: of a proxy, a firewall, or a site that is no Web API. Gateway errors and 401 keep their meaning. */
function isStranger({ status, headers, text }: Reply): boolean {
  const html = /\bhtml\b/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(text);
  return html && status >= 400 && status < 500 && ![401, 408, 429].includes(status);
}

function notJson({ status, headers, text }: Reply): ConnectorError {
  const type = headers['content-type']?.split(';', 1)[0]?.trim() || 'no content type';
  return new ConnectorError(
    'RESPONSE_NOT_JSON',
    `Something answered HTTP ${status} with ${text.length} characters that are not JSON (${type}).`,
    { status },
  );
}
