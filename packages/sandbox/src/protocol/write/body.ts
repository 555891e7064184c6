import type { TableModel } from '../../model/types.ts';
import { parseExactly } from '../exact-json.ts';
import { badPayload } from '../refusal.ts';
import type { Exchange } from '../types.ts';
import { setOf } from '../wire.ts';
import { isObject } from './payload.ts';

/** The request's body as a JSON object; `subject` is what the refusal of anything else names. */
export function readObject(exchange: Exchange, subject: string): Readonly<Record<string, unknown>> {
  const { body } = exchange.request;
  if (body.length === 0) throw badPayload(subject, 'Stream was not readable.');
  let value: unknown;
  try {
    value = parseExactly(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw badPayload(subject, 'The payload is not valid JSON.');
  }
  if (!isObject(value)) {
    throw badPayload(subject, "A 'StartObject' node was expected when reading from the JSON reader.");
  }
  return value;
}

/** The body of a write to a table. */
export function readRowBody(exchange: Exchange, table: TableModel): Readonly<Record<string, unknown>> {
  return readObject(exchange, setOf(table));
}
