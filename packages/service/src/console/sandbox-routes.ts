import { text as readAll } from 'node:stream/consumers';
import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { isLoopbackHost, runtimeOf } from 'dynamics365-connector/host';
import type { SavedConnection } from 'dynamics365-connector/node';
import { Hono } from 'hono';
import { unknownConnection } from '../client-pool.ts';
import { parseBody, readText } from '../request-body.ts';
import type { ServiceContext, ServiceEnv } from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';

/** The control routes of a sandbox that the pages use. */
const commands: readonly string[] = [
  ...['exchanges', 'clear-exchanges', 'faults', 'clear-faults', 'webhook-faults', 'clear-webhook-faults'],
  ...['clock', 'set-clock', 'set-limits', 'seed', 'reset', 'expire-delta-tokens'],
];

/**
 * `/console/api/sandboxes`: the connections to sandboxes on this machine, and their control routes. A sandbox does not
 * answer web pages, so the service sends the commands for them.
 */
export function createSandboxRoutes(parts: ServiceParts): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>()
    .get('/', async (context) => {
      const found = (await parts.connections.list()).filter(isLocal);
      return context.json({
        sandboxes: found.map(({ name, settings }) => ({ name, orgUrl: settings.orgUrl })),
      });
    })
    .post('/:connection/:command', (context) => control(parts, context));
}

/** Only an organization on this machine can be a sandbox. */
function isLocal({ settings }: SavedConnection): boolean {
  return isLoopbackHost(new URL(settings.orgUrl).hostname);
}

async function control({ connections, connector }: ServiceParts, context: ServiceContext): Promise<Response> {
  const { connection = '', command = '' } = context.req.param() as Partial<Record<string, string>>;
  const saved = await connections.find(connection);
  if (saved === undefined || !isLocal(saved)) throw unknownConnection(connection);
  if (!commands.includes(command)) throw unknownCommand(command);
  const body = JSON.stringify(parseBody(await readText(context)));
  const { send } = runtimeOf(connector).services;
  const request = send({
    method: 'POST',
    url: `${new URL(saved.settings.orgUrl).origin}/__sandbox/${command}`,
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(commandTimeoutMs),
  });
  const response = await request.catch(() => {
    throw notRunning(connection);
  });
  const answer = await readAll(response.body);
  if (response.status >= 400) throw refused(answer, connection);
  return answer === '' ? context.body(null, 204) : context.body(answer, 200, jsonType);
}

const commandTimeoutMs = 30_000;
const jsonType = { 'content-type': 'application/json' };

/** The message and the next step are those of the sandbox. */
function refused(answer: string, connection: string): ConnectorError {
  try {
    const { error } = JSON.parse(answer) as { error: JsonObject };
    return new ConnectorError('INPUT_INVALID', String(error.message), { advice: String(error.advice) });
  } catch {
    return notRunning(connection);
  }
}

const notRunning = (connection: string) =>
  new ConnectorError('NETWORK', `No sandbox answers for the connection "${connection}".`, {
    advice: 'Start one with `d365 sandbox`, or the console with --sandbox.',
  });

const unknownCommand = (command: string) =>
  new ConnectorError('INPUT_INVALID', `There is no command "${command.slice(0, 50)}" here.`, {
    advice: `The commands are ${commands.join(', ')}.`,
  });
