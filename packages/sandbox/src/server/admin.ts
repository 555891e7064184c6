import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { readBody } from './request-body.ts';

/** Commands that other processes can send, by name. The input is a JSON object; the result is JSON or undefined. */
export type AdminCommands = Readonly<Record<string, (input: JsonObject) => unknown>>;

const prefix = '/__sandbox/';

/** Whether a request is an admin command for the sandbox itself. */
export function isAdminRequest(request: IncomingMessage): boolean {
  return request.url?.startsWith(prefix) === true;
}

/**
 * Runs `POST /__sandbox/{command}` with a JSON body and `Authorization: Bearer <secret>`. Responds with 200 (JSON),
 * 204, 400 (invalid input), 401 or 404 (unknown command, with the list of commands).
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
    respond(400, {
      error: error instanceof Error ? error.message : 'The request body is not a JSON object.',
    });
  }
}

function isSecret(authorization: string | undefined, secret: string): boolean {
  const actual = Buffer.from(authorization ?? '');
  const expected = Buffer.from(`Bearer ${secret}`);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** Assigns numbers to numeric members that exist. Throws ConnectorError `SETTING_INVALID` for anything else. */
export function assignNumbers<T extends object>(target: T, input: JsonObject): T {
  for (const [name, value] of Object.entries(input)) {
    const isNumber = Object.hasOwn(target, name) && typeof target[name as keyof T] === 'number';
    if (!isNumber || typeof value !== 'number' || !Number.isFinite(value))
      throw new ConnectorError(
        'SETTING_INVALID',
        `"${name}" cannot be set: it must be a known setting and its value a finite number.`,
      );
    Object.assign(target, { [name]: value });
  }
  return target;
}
