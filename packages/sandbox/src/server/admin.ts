import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from 'dynamics365-connector';
import { ConnectorError, isJsonObject, toJsonPointer } from 'dynamics365-connector/base';
import { controlError } from '../control-error.ts';
import { DataverseError } from '../store/errors.ts';
import { readBody } from './request-body.ts';

/**
 * The control routes of a listener: commands by path below `/__sandbox/`. A `*` in the path is one segment, which the
 * command gets as `parameter`. The input is a JSON object; the result is JSON or undefined.
 */
export type AdminCommands = Readonly<Record<string, (input: JsonObject, parameter: string) => unknown>>;

const prefix = '/__sandbox/';
const maxBodyBytes = 64 * 1024 * 1024;

/** Whether a request is a command for the sandbox itself. */
export function isAdminRequest(request: IncomingMessage): boolean {
  return request.url?.startsWith(prefix) === true;
}

/**
 * Runs `POST /__sandbox/{command}` with a JSON body. Responds with 200 (JSON), 204, or an error with its path and the
 * next step: 400 (invalid input), 401, 404 (unknown command, with the list of commands), 405 or 413.
 */
export async function handleAdminRequest(
  admin: { readonly secret: string; readonly commands: AdminCommands },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await runCommand(admin, request);
  response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

interface CommandResult {
  readonly status: number;
  readonly body?: unknown;
}

async function runCommand(
  { secret, commands }: { readonly secret: string; readonly commands: AdminCommands },
  request: IncomingMessage,
): Promise<CommandResult> {
  if (!isAllowed(request, secret)) return toErrorResult(401, refusedError());
  const path = request.url?.slice(prefix.length).replace(/\?.*$/s, '') ?? '';
  const found = findCommand(commands, path);
  if (!found) {
    const { body } = toErrorResult(404, unknownCommandError(path));
    return { status: 404, body: { ...(body as object), commands: Object.keys(commands) } };
  }
  if (request.method !== 'POST') return toErrorResult(405, methodError(request.method));
  const body = await readBody(request, maxBodyBytes);
  if (!body) return toErrorResult(413, tooLargeError());
  try {
    const result = found.command(parseInput(Buffer.from(body).toString('utf8')), found.parameter);
    return { status: result === undefined ? 204 : 200, body: result };
  } catch (error) {
    if (error instanceof ConnectorError) return toErrorResult(400, error);
    if (error instanceof DataverseError) return toErrorResult(400, conflictError(error));
    throw error;
  }
}

function findCommand(commands: AdminCommands, path: string) {
  const segments = path.split('/');
  for (const [pattern, command] of Object.entries(commands)) {
    const parts = pattern.split('/');
    if (parts.length !== segments.length) continue;
    if (!parts.every((part, i) => part === '*' || part === segments[i])) continue;
    return { command, parameter: segments[parts.indexOf('*')] ?? '' };
  }
  return undefined;
}

function parseInput(text: string): JsonObject {
  const advice = 'Send a JSON object, for example {}.';
  let input: unknown;
  try {
    input = JSON.parse(text.trim() || '{}');
  } catch (error) {
    throw controlError('', `The body is not JSON: ${(error as Error).message}.`, advice);
  }
  if (!isJsonObject(input)) throw controlError('', 'The body is not a JSON object.', advice);
  return input;
}

function toErrorResult(status: number, error: ConnectorError): CommandResult {
  const { code, message, advice, details } = error;
  return { status, body: { error: { code, message, path: details.issues?.[0]?.path, advice } } };
}

/**
 * A request with `Authorization` needs the secret. Without it, programs on this machine may send commands. Web pages
 * may not: browsers send `Origin` with every POST.
 */
function isAllowed({ headers, socket }: IncomingMessage, secret: string): boolean {
  if (headers.authorization !== undefined) return isSecret(headers.authorization, secret);
  const isPage = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return !isPage && /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
}

function isSecret(authorization: string, secret: string): boolean {
  const actual = Buffer.from(authorization);
  const expected = Buffer.from(`Bearer ${secret}`);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** The sample rows do not fit into every organization: keys and columns of the test's own may refuse them. */
const conflictError = ({ message, code }: DataverseError) =>
  new ConnectorError('SETTING_INVALID', `The organization refused the rows: ${message} (${code})`, {
    advice: 'Reset the organization first, or send rows of your own.',
  });

const refusedError = () =>
  new ConnectorError('SETTING_INVALID', 'The request is not allowed to control the sandbox.', {
    advice:
      'Send it from a program on this machine, or with the header "Authorization: Bearer {adminSecret}".',
  });

const unknownCommandError = (path: string) =>
  new ConnectorError('SETTING_INVALID', `There is no route "${prefix}${path.slice(0, 100)}" here.`, {
    advice: 'Use one of "commands".',
  });

const methodError = (method: string | undefined) =>
  new ConnectorError('SETTING_INVALID', `The method ${method} is not allowed.`, { advice: 'Use POST.' });

const tooLargeError = () =>
  new ConnectorError('SETTING_INVALID', `The body is larger than ${maxBodyBytes} bytes.`, {
    advice: 'Send it in several requests.',
  });

/** Assigns numbers to numeric members that exist. Throws ConnectorError `SETTING_INVALID` for anything else. */
export function assignNumbers<T extends object>(target: T, input: JsonObject): T {
  for (const [name, value] of Object.entries(input)) {
    const isNumber = Object.hasOwn(target, name) && typeof target[name as keyof T] === 'number';
    if (!isNumber || typeof value !== 'number' || !Number.isFinite(value))
      throw controlError(
        toJsonPointer(name),
        `"${name}" cannot be set: it must be a known setting and its value a finite number.`,
        `Use: ${Object.keys(target).join(', ')}.`,
      );
    Object.assign(target, { [name]: value });
  }
  return target;
}
