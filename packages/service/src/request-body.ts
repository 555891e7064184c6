import { ConnectorError, type Json, type JsonObject } from 'dynamics365-connector';
import { isJsonObject, parseExactJson } from 'dynamics365-connector/host';
import { ServiceError } from './problem/problem.ts';
import type { ServiceContext } from './request-context.ts';

/** The body as text; an empty body is `{}`. @throws BODY_TOO_LARGE, BODY_INVALID */
export async function readText(context: ServiceContext): Promise<string> {
  const bytes = await readBytes(context);
  if (bytes.length === 0) return '{}';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ServiceError('BODY_INVALID', 'The body is not UTF-8.');
  }
}

/** Reads the request of Node.js itself: a Request of the Fetch API costs as much as the action. */
async function readBytes(context: ServiceContext): Promise<Uint8Array> {
  const maxBytes = context.get('maxBodyBytes');
  assertBodySize(Number(context.req.header('content-length') ?? 0), maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | null = context.env?.incoming ?? context.req.raw.body;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.length;
      assertBodySize(size, maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    // The caller has gone, or what it sent is not HTTP.
    throw error instanceof ServiceError ? error : new ServiceError('BODY_INVALID', 'The body has no end.');
  }
  return Buffer.concat(chunks);
}

function assertBodySize(size: number, maxBytes: number): void {
  if (size > maxBytes) throw new ServiceError('BODY_TOO_LARGE', `The limit is ${maxBytes} bytes.`);
}

/** Parses one JSON object. Numbers that a double cannot hold become their digits as text. */
export function parseBody(text: string): JsonObject {
  let body: Json;
  try {
    body = parseExactJson(text);
  } catch {
    throw new ServiceError('BODY_INVALID', 'The body is not JSON.');
  }
  if (isJsonObject(body)) return body;
  throw new ServiceError('BODY_INVALID', 'The body must be a JSON object.');
}

/** @throws INPUT_INVALID for a member that the request does not have, so that a typing error is not ignored. */
export function assertMembers(body: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ConnectorError('INPUT_INVALID', `The body has an unknown member "${unknown.slice(0, 50)}".`, {
    advice: `The members are ${known.join(', ')}.`,
  });
}

export function optionalObject(value: unknown, name: string): JsonObject | undefined {
  if (value === undefined || isJsonObject(value)) return value;
  throw new ConnectorError('INPUT_INVALID', `"${name}" must be an object.`);
}

/** @throws INPUT_INVALID */
export function requireText(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ConnectorError('INPUT_INVALID', `"${name}" must be a text.`);
}

/** @throws INPUT_INVALID */
export function optionalText(body: JsonObject, name: string): string | undefined {
  return body[name] === undefined ? undefined : requireText(body, name);
}
