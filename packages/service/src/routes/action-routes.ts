import type { ActionDefinition, Client, JsonObject, RunResult } from 'dynamics365-connector';
import { ConnectorError } from 'dynamics365-connector';
import { isRepeatableWithKey, omitUndefined, requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { Hono } from 'hono';
import { isStoredAnswer } from '../answers/answer-store.ts';
import { isDefinitive } from '../answers/is-definitive.ts';
import { scopeOfEffects } from '../keys/scopes.ts';
import { ServiceError } from '../problem/problem.ts';
import { resultAnswer, toAnswer } from '../problem/problem-answer.ts';
import { parseBody, readText } from '../request-body.ts';
import {
  hangUpSignal,
  ownerOf,
  requireConnectionName,
  requireScope,
  type ServiceContext,
  type ServiceEnv,
  sendJson,
} from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';
import { wantsLines, writeLines } from './json-lines.ts';

/** `GET /v1/actions`, `GET /v1/actions/{id}` and `POST /v1/connections/{connection}/actions/{action}`. */
export function createActionRoutes(parts: ServiceParts): Hono<ServiceEnv> {
  const { actions } = runtimeOf(parts.connector).definition;
  return new Hono<ServiceEnv>()
    .get('/actions', (context) =>
      context.json({
        actions: Object.values(actions).map(({ id, title, description, group, effects }) => ({
          ...{ id, title, description, group, effects },
        })),
      }),
    )
    .get('/actions/:action', (context) => {
      const action = requireOperation('action', actions, context.req.param('action'));
      const { id, title, description, group, effects, input, outputSchema: output } = action;
      return context.json({ id, title, description, group, effects, input, output });
    })
    .post('/connections/:connection/actions/:action', (context) => runAction(parts, context));
}

async function runAction(parts: ServiceParts, context: ServiceContext): Promise<Response> {
  const name = requireConnectionName(context);
  const { actions } = runtimeOf(parts.connector).definition;
  const action = requireOperation('action', actions, context.req.param('action') ?? '');
  requireScope(context, scopeOfEffects(action.effects));
  const { client } = await parts.clients.open(name);
  const text = await readText(context);
  const input = parseBody(text);
  if (wantsLines(context) && action.pagination !== undefined) {
    const rows = client.list(action.id, input, { signal: hangUpSignal(context) });
    return await writeLines(context, rows);
  }
  const call: ActionCall = { action, client, input, context };
  const idempotencyKey = readIdempotencyKey(context);
  return idempotencyKey === undefined || action.effects.readOnly
    ? sendJson(context, resultAnswer(await callAction(call, { signal: hangUpSignal(context) })))
    : await runOnce(parts, call, { idempotencyKey, connection: name, text });
}

interface ActionCall {
  readonly action: ActionDefinition;
  readonly client: Client;
  readonly input: JsonObject;
  readonly context: ServiceContext;
}

interface KeyedCall {
  readonly idempotencyKey: string;
  readonly connection: string;
  readonly text: string;
}

/**
 * Runs a write once for its Idempotency-Key. That it runs is stored before it is sent; the answer is stored before it is
 * returned. It runs to its end also when the caller hangs up, because the caller asks again.
 */
async function runOnce(
  { answers }: ServiceParts,
  call: ActionCall,
  { idempotencyKey, connection, text }: KeyedCall,
): Promise<Response> {
  const { action, context } = call;
  const owner = ownerOf(context, connection);
  const version = context.req.header('if-match') ?? '';
  const content = `${action.id}\n${version}\n${text}`;
  const begun = await answers.begin({ owner, idempotencyKey, content });
  if (isStoredAnswer(begun)) {
    context.header('idempotent-replayed', 'true');
    return sendJson(context, begun);
  }
  try {
    if (begun.isAbandoned && !isRepeatableWithKey(action)) throw outcomeUnknown(action);
    const result = await callAction(call, { idempotencyKey: `${owner}/${idempotencyKey}` });
    const answer = resultAnswer(result);
    await begun.keep(answer);
    return sendJson(context, answer);
  } catch (error) {
    if (!isDefinitive(error)) {
      await begun.release();
      throw error;
    }
    const answer = toAnswer(error, context.get('requestId'));
    await begun.keep(answer);
    return sendJson(context, answer);
  }
}

function outcomeUnknown({ id }: ActionDefinition): ConnectorError {
  return new ConnectorError(
    'REQUEST_OUTCOME_UNKNOWN',
    'The service stopped while it ran this request, so the operation may or may not have succeeded.',
    { operation: id },
  );
}

async function callAction(
  { action, client, input, context }: ActionCall,
  options: { readonly signal?: AbortSignal; readonly idempotencyKey?: string },
): Promise<RunResult> {
  const ifVersion = readVersion(context);
  return await client.run(action.id, input, omitUndefined({ ...options, ifVersion }));
}

/** `W/"1234"`, `"1234"` or `1234`: the version of the row. */
function readVersion(context: ServiceContext): string | undefined {
  return context.req.header('if-match')?.replace(/^(?:W\/)?"(.*)"$/, '$1');
}

const keyPattern = /^[\x21-\x7e]{1,255}$/;

function readIdempotencyKey(context: ServiceContext): string | undefined {
  const header = context.req.header('idempotency-key')?.replace(/^"(.*)"$/, '$1');
  if (header === undefined || keyPattern.test(header)) return header;
  throw new ServiceError('IDEMPOTENCY_KEY_INVALID', 'It must have 1 to 255 visible ASCII characters.');
}
