import type { JsonObject } from 'dynamics365-connector';
import { eventStates } from 'dynamics365-connector-worker';
import { catalogPaths } from './catalog-paths.ts';
import { body, choiceIn, connection, countIn, list, ref, textIn, toOperation } from './describe-path.ts';

const subscriptionId = textIn('path', 'id', 'The id of a subscription.');
const eventSequence = {
  ...{ name: 'sequence', in: 'path', required: true, schema: { type: 'integer' } },
  description: 'The sequence of an event.',
};

/** The paths of the service besides actions and polls. */
export const servicePaths: Readonly<Record<string, JsonObject>> = {
  ...catalogPaths,
  '/v1/connections': {
    get: toOperation({
      id: 'listConnections',
      summary: 'The connections of the API key.',
      success: [200, list('connections', ref('Connection'))],
    }),
  },
  '/v1/connections/{connection}': {
    get: toOperation({
      id: 'getConnection',
      summary: 'One connection.',
      parameters: [connection],
      success: [200, ref('Connection')],
    }),
    delete: toOperation({
      id: 'deleteConnection',
      summary: 'Deletes a connection and its sign-in.',
      parameters: [connection],
      success: [204],
    }),
  },
  '/v1/connections/{connection}/check': {
    post: toOperation({
      id: 'checkConnection',
      summary: 'Tests a connection.',
      parameters: [connection],
      success: [200, { type: 'object' }],
    }),
  },
  '/v1/connections/{connection}/bulk/{table}/{verb}': {
    post: toOperation({
      id: 'writeRows',
      summary: 'Writes many rows: JSON Lines in, a report for each row out, on the same request.',
      parameters: [
        connection,
        textIn('path', 'table', 'The name of a table.'),
        {
          name: 'verb',
          in: 'path',
          required: true,
          schema: { type: 'string', enum: ['create', 'update', 'upsert', 'delete'] },
        },
        textIn('query', 'matchOn', 'For an upsert: the columns that identify a row, separated by commas.'),
        { $ref: '#/components/parameters/IdempotencyKey' },
      ],
      requestBody: { required: true, content: { 'application/x-ndjson': { schema: { type: 'string' } } } },
      success: [200, ref('RowReport'), 'application/x-ndjson'],
    }),
  },
  '/v1/jobs/{job}/progress': {
    get: toOperation({
      id: 'getProgress',
      summary: 'The progress of a bulk request as server-sent events, while it runs.',
      parameters: [textIn('path', 'job', 'The header Job-Id of the answer to the bulk request.')],
      success: [200, { type: 'string' }, 'text/event-stream'],
    }),
  },
  '/health': {
    get: {
      ...toOperation({
        id: 'getHealth',
        summary: 'Whether the service works.',
        success: [200, { type: 'object', required: ['status'], properties: { status: { const: 'ok' } } }],
      }),
      security: [],
    },
  },
  '/metrics': {
    get: toOperation({
      id: 'getMetrics',
      summary: 'OpenMetrics of the service and of its worker.',
      success: [200, { type: 'string' }, 'application/openmetrics-text'],
    }),
  },
  '/v1/mirror': {
    get: toOperation({
      id: 'getMirror',
      summary: 'What the mirror of the service does, with the rows and the age of each table.',
      success: [200, ref('Mirror')],
    }),
  },
  '/v1/mirror/verify': {
    post: toOperation({
      id: 'verifyMirror',
      summary: 'Compares the mirror with the organization; it waits meanwhile.',
      requestBody: body({
        type: 'object',
        additionalProperties: false,
        properties: {
          table: { type: 'string' },
          cells: { type: 'boolean', description: 'Compare every cell, which reads all rows.' },
          repair: { type: 'boolean' },
        },
      }),
      success: [200, list('tables', ref('MirrorDifferences'))],
    }),
  },
  '/v1/connect-sessions': {
    post: toOperation({
      id: 'createConnectSession',
      summary: 'Creates a link that signs one person in.',
      requestBody: body(ref('NewConnectSession')),
      success: [201, ref('ConnectSession')],
    }),
  },
  '/v1/subscriptions': {
    get: toOperation({
      id: 'listSubscriptions',
      summary: 'The subscriptions of the API key, with their state.',
      success: [200, list('subscriptions', ref('Subscription'))],
    }),
    post: toOperation({
      id: 'createSubscription',
      summary: 'Sends the events of a trigger to a webhook.',
      requestBody: body(ref('NewSubscription')),
      success: [201, ref('Subscription')],
    }),
  },
  '/v1/connections/{connection}/triggers/{trigger}/subscriptions': {
    post: toOperation({
      id: 'subscribe',
      summary: 'Sends the events of one trigger to a webhook.',
      parameters: [connection, textIn('path', 'trigger', 'The id of a trigger.')],
      requestBody: body(ref('NewTriggerSubscription')),
      success: [201, ref('Subscription')],
    }),
  },
  '/v1/subscriptions/{id}': {
    get: toOperation({
      id: 'getSubscription',
      summary: 'One subscription, with its state.',
      parameters: [subscriptionId],
      success: [200, ref('Subscription')],
    }),
    patch: toOperation({
      id: 'changeSubscription',
      summary: 'Pauses or resumes a subscription, or changes its address.',
      parameters: [subscriptionId],
      requestBody: body({
        type: 'object',
        additionalProperties: false,
        properties: { paused: { type: 'boolean' }, url: { type: 'string', format: 'uri' } },
      }),
      success: [200, ref('Subscription')],
    }),
    delete: toOperation({
      id: 'deleteSubscription',
      summary: 'Ends a subscription.',
      parameters: [subscriptionId],
      success: [204],
    }),
  },
  '/v1/subscriptions/{id}/events': {
    get: toOperation({
      id: 'listEvents',
      summary:
        'The events of a subscription: those that wait, dead letters, and delivered ones of the last days.',
      parameters: [
        subscriptionId,
        choiceIn('state', eventStates, 'Only events in this state.'),
        choiceIn('order', ['newest', 'oldest'], 'Default: newest first.'),
        countIn('after', 'The sequence of the last event that was read: the events that follow it.'),
        countIn('limit', '1 to 500. Default: 100.'),
      ],
      success: [
        200,
        {
          ...list('events', ref('Event')),
          properties: {
            events: { type: 'array', items: ref('Event') },
            next: { type: 'integer', description: 'Send it as `after`. Absent on the last page.' },
          },
        },
      ],
    }),
  },
  '/v1/subscriptions/{id}/events/{sequence}': {
    get: toOperation({
      id: 'getEvent',
      summary: 'One event of a subscription.',
      parameters: [subscriptionId, eventSequence],
      success: [200, ref('Event')],
    }),
    delete: toOperation({
      id: 'discardEvent',
      summary: 'Deletes a dead letter.',
      parameters: [subscriptionId, eventSequence],
      success: [204],
    }),
  },
  '/v1/subscriptions/{id}/events/{sequence}/replay': {
    post: toOperation({
      id: 'replayEvent',
      summary: 'Delivers a dead letter again.',
      parameters: [
        subscriptionId,
        eventSequence,
        choiceIn('row', ['stored', 'reread'], 'The row as it was stored (default), or as it is now.'),
      ],
      success: [202],
    }),
  },
  '/v1/subscriptions/{id}/history': {
    get: toOperation({
      id: 'getHistory',
      summary: 'The status of a subscription in each minute, the oldest first.',
      parameters: [subscriptionId, countIn('hours', 'How far back: 1 to 168. Default: 24.')],
      success: [200, list('samples', ref('StatusSample'))],
    }),
  },
};
