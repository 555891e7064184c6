import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { readBody } from './request-body.ts';

/** What can be ordered from outside the process: by name, with a JSON object, answering JSON or nothing. */
export type AdminCommands = Readonly<Record<string, (order: JsonObject) => unknown>>;

const prefix = '/__sandbox/';

/** Says whether a request is for the sandbox itself and not for what it plays. */
export function isAdminRequest(request: IncomingMessage): boolean {
  return request.url?.startsWith(prefix) === true;
}

/**
 * Carries out `POST /__sandbox/{command}` with a JSON body, for whoever knows the secret
 * (`Authorization: Bearer <secret>`): 200 with JSON, 204, 400 for an order that cannot be followed, 401, 404.
 */
export async function handleAdminRequest(
  admin: { readonly secret: string; readonly commands: AdminCommands },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const respond = (status: number, body?: unknown) => {
    response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  if (!isSecret(request.headers.authorization, admin.secret)) return respond(401);
  const name = request.url?.slice(prefix.length) ?? '';
  const command = Object.hasOwn(admin.commands, name) ? admin.commands[name] : undefined;
  if (request.method !== 'POST' || !command) return respond(404, { commands: Object.keys(admin.commands) });
  try {
    const input = JSON.parse(
      Buffer.from((await readBody(request, 1_000_000)) ?? '').toString('utf8') || '{}',
    );
    const result = command(input);
    respond(result === undefined ? 204 : 200, result);
  } catch (error) {
    respond(400, { error: error instanceof Error ? error.message : 'The order cannot be read.' });
  }
}

function isSecret(authorization: string | undefined, secret: string): boolean {
  const actual = Buffer.from(authorization ?? '');
  const expected = Buffer.from(`Bearer ${secret}`);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** Sets those of the named members that are there and are numbers. Throws a sentence about any other. */
export function assignNumbers<T extends object>(target: T, input: JsonObject): T {
  for (const [name, value] of Object.entries(input)) {
    const isNumber = Object.hasOwn(target, name) && typeof target[name as keyof T] === 'number';
    if (!isNumber || typeof value !== 'number' || !Number.isFinite(value))
      throw new ConnectorError('SETTING_INVALID', `${name} cannot be set.`);
    Object.assign(target, { [name]: value });
  }
  return target;
}
