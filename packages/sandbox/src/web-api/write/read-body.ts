import type { TableModel } from '../../model/types.ts';
import { invalidPayload } from '../errors.ts';
import { parseJsonExact } from '../exact-json.ts';
import { entitySetName } from '../odata-names.ts';
import type { WebApiContext } from '../types.ts';
import { isJsonObject } from './read-payload.ts';

/** The request's body as a JSON object; `subject` is what the refusal of anything else names. */
export function readJsonBody(context: WebApiContext, subject: string): Readonly<Record<string, unknown>> {
  const { body } = context.request;
  if (body.length === 0) throw invalidPayload(subject, 'Stream was not readable.');
  let value: unknown;
  try {
    value = parseJsonExact(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw invalidPayload(subject, 'The payload is not valid JSON.');
  }
  if (!isJsonObject(value)) {
    throw invalidPayload(subject, "A 'StartObject' node was expected when reading from the JSON reader.");
  }
  return value;
}

/** The body of a write to a table. */
export function readRowBody(context: WebApiContext, table: TableModel): Readonly<Record<string, unknown>> {
  return readJsonBody(context, entitySetName(table));
}
