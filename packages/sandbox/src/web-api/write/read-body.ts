import { isJsonObject } from 'dynamics365-connector/base';
import type { TableModel } from '../../model/types.ts';
import { invalidPayload } from '../errors.ts';
import { parseJsonExact } from '../exact-json.ts';
import type { JsonBody } from '../json-body.ts';
import { entitySetName } from '../odata-names.ts';
import type { WebApiContext } from '../types.ts';

/** Parses the body as a JSON object. `subject` is the entity set or operation for the error text. */
export function readJsonBody(context: WebApiContext, subject: string): JsonBody {
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
export function readRowBody(context: WebApiContext, table: TableModel): JsonBody {
  return readJsonBody(context, entitySetName(table));
}
