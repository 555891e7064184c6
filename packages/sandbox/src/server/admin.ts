import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { readBody } from './body.ts';

/** What can be ordered from outside the process: by name, with a JSON object, answering JSON or nothing. */
export type AdminCommands = Readonly<Record<string, (order: JsonObject) => unknown>>;

const PREFIX = '/__sandbox/';

/** Says whether a request is for the sandbox itself and not for what it plays. */
export function isAdminRequest(request: IncomingMessage): boolean {
  return request.url?.startsWith(PREFIX) === true;
}

/**
 * Carries out `POST /__sandbox/{command}` with a JSON body, for whoever knows the secret
 * (`Authorization: Bearer <secret>`): 200 with JSON, 204, 400 for an order that cannot be followed, 401, 404.
 */
export async function handleAdmin(
  door: { readonly secret: string; readonly commands: AdminCommands },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, body?: unknown) => {
    response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  if (!isSecret(request.headers.authorization, door.secret)) return answer(401);
  const name = request.url?.slice(PREFIX.length) ?? '';
  const command = Object.hasOwn(door.commands, name) ? door.commands[name] : undefined;
  if (request.method !== 'POST' || !command) return answer(404, { commands: Object.keys(door.commands) });
  try {
    const order = JSON.parse(
      Buffer.from((await readBody(request, 1_000_000)) ?? '').toString('utf8') || '{}',
    );
    const result = command(order);
    answer(result === undefined ? 204 : 200, result);
  } catch (error) {
    answer(400, { error: error instanceof Error ? error.message : 'The order cannot be read.' });
  }
}

function isSecret(authorization: string | undefined, secret: string): boolean {
  const given = Buffer.from(authorization ?? '');
  const wanted = Buffer.from(`Bearer ${secret}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Sets those of the named members that are there and are numbers. Throws a sentence about any other. */
export function setNumbers<T extends object>(target: T, order: JsonObject): T {
  for (const [name, value] of Object.entries(order)) {
    const known = Object.hasOwn(target, name) && typeof target[name as keyof T] === 'number';
    if (!known || typeof value !== 'number' || !Number.isFinite(value))
      throw new ConnectorError('SETTING_INVALID', `${name} cannot be set.`);
    Object.assign(target, { [name]: value });
  }
  return target;
}
