import type { JsonSchema } from 'dynamics365-connector';
import { eventStates, subscriptionStates } from 'dynamics365-connector-worker';
import { scopes } from '../keys/scopes.ts';

const subscriptionProperties: Readonly<Record<string, JsonSchema>> = {
  params: { type: 'object' },
  url: { type: 'string', format: 'uri' },
  every: { type: 'string', examples: ['30s', '5m'] },
  from: { type: 'string', description: 'Start of the first poll: a time, or "beginning". Default: now.' },
  ignoreChangesBy: { type: 'string', examples: ['self'] },
  push: {
    type: 'boolean',
    description: 'Webhooks of the organization tell of changes within about a second.',
  },
};

/** The schemas of what the service itself answers. */
export const serviceSchemas: Readonly<Record<string, JsonSchema>> = {
  Problem: {
    title: 'Problem',
    description: 'What is wrong, who can resolve it, and how (RFC 9457).',
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'category', 'retryable', 'advice'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      instance: { type: 'string' },
      code: { type: 'string' },
      category: { type: 'string' },
      retryable: { type: 'boolean' },
      advice: { type: 'string' },
      retryAfterMs: { type: 'number' },
      issues: { type: 'array', items: { type: 'object' } },
    },
  },
  RunMeta: {
    title: 'RunMeta',
    type: 'object',
    required: ['requestId', 'attempts'],
    properties: {
      requestId: { type: 'string', description: 'The id of the call at the organization.' },
      attempts: { type: 'integer' },
      hasMore: { type: 'boolean', description: 'Whether there are more rows than the limit.' },
      replayed: { type: 'boolean' },
      created: { type: 'boolean' },
      missingColumns: { type: 'array', items: { type: 'string' } },
    },
  },
  Connection: {
    title: 'Connection',
    type: 'object',
    required: ['name', 'kind', 'orgUrl'],
    properties: {
      name: { type: 'string' },
      kind: { type: 'string', enum: ['user', 'app'] },
      orgUrl: { type: 'string', format: 'uri' },
      tenant: { type: 'string' },
      account: { type: 'string', description: 'The user name of who signed in.' },
    },
  },
  ConnectSession: {
    title: 'ConnectSession',
    type: 'object',
    required: ['connection', 'connectLink', 'expiresAt'],
    properties: {
      connection: { type: 'string' },
      connectLink: { type: 'string', format: 'uri' },
      expiresAt: { type: 'string', format: 'date-time' },
    },
  },
  NewConnectSession: {
    title: 'NewConnectSession',
    type: 'object',
    required: ['connection', 'orgUrl'],
    additionalProperties: false,
    properties: {
      connection: { type: 'string', pattern: '^[A-Za-z0-9][\\w.@-]{0,63}$' },
      orgUrl: { type: 'string', examples: ['https://contoso.crm.dynamics.com'] },
      tenant: { type: 'string' },
      returnUrl: { type: 'string', format: 'uri' },
      appRegistration: {
        description: "The customer's own app registration. Its secret is stored encrypted.",
        type: 'object',
        required: ['clientId'],
        additionalProperties: false,
        properties: { clientId: { type: 'string' }, clientSecret: { type: 'string' } },
      },
    },
  },
  Subscription: {
    title: 'Subscription',
    type: 'object',
    required: ['id', 'connection', 'trigger', 'params', 'url', 'createdAt'],
    properties: {
      id: { type: 'string' },
      connection: { type: 'string' },
      trigger: { type: 'string' },
      params: { type: 'object' },
      url: { type: 'string', format: 'uri' },
      createdAt: { type: 'string', format: 'date-time' },
      from: { type: 'string' },
      ignoreChangesBy: { type: 'string' },
      push: { type: 'boolean' },
      webhooks: {
        type: 'object',
        description:
          'With push: polls that webhooks of the organization caused, those that it could not send, and changes that came without one.',
        required: ['wakes', 'lost', 'unannounced'],
        properties: {
          wakes: { type: 'integer' },
          lost: { type: 'integer' },
          unannounced: { type: 'integer' },
          problem: { type: 'string' },
        },
      },
      everyMs: { type: 'integer' },
      state: { type: 'string', enum: subscriptionStates },
      reason: { type: 'string' },
      delivered: { type: 'integer' },
      waiting: { type: 'integer' },
      dead: { type: 'integer' },
      polledAgoMs: { type: 'number' },
      dueInMs: { type: 'number' },
      failure: { type: 'object' },
      secret: {
        type: 'string',
        description: 'Signs the webhooks. Only in the answer that creates the subscription.',
      },
    },
  },
  NewSubscription: {
    title: 'NewSubscription',
    type: 'object',
    required: ['connection', 'trigger', 'url'],
    additionalProperties: false,
    properties: {
      connection: { type: 'string' },
      trigger: { type: 'string', examples: ['case.created'] },
      ...subscriptionProperties,
    },
  },
  NewTriggerSubscription: {
    title: 'NewTriggerSubscription',
    type: 'object',
    required: ['url'],
    additionalProperties: false,
    properties: subscriptionProperties,
  },
  Operation: {
    title: 'Operation',
    description: 'An action or a trigger.',
    type: 'object',
    required: ['id', 'title', 'description', 'group'],
    properties: {
      id: { type: 'string' },
      title: { type: 'string' },
      description: { type: 'string' },
      group: { type: 'string' },
      everyMs: { type: 'integer', description: 'Of a trigger: the time between two polls.' },
      effects: {
        type: 'object',
        description: 'Of an action: what it changes, and whether it can be repeated.',
      },
      input: { type: 'object' },
      output: { type: 'object' },
    },
  },
  Event: {
    title: 'Event',
    description: 'An event of a subscription. A dead letter is not delivered again until it is replayed.',
    type: 'object',
    required: ['sequence', 'trigger', 'rowId', 'state', 'attempts', 'item'],
    properties: {
      sequence: { type: 'integer', description: 'Increases with each event.' },
      trigger: { type: 'string' },
      rowId: { type: 'string' },
      state: { type: 'string', enum: eventStates },
      attempts: { type: 'integer' },
      reason: { type: 'string', description: 'Why the last attempt of a dead letter failed.' },
      storedAgoMs: { type: 'number', description: 'Since a poll found the event.' },
      dueInMs: { type: 'number', description: 'Time to the next attempt, negative if it is due.' },
      deadForMs: { type: 'number' },
      deliveredAgoMs: { type: 'number' },
      item: { description: 'What the webhook receives as `data.item`.' },
    },
  },
  StatusSample: {
    title: 'StatusSample',
    description:
      'The status of a subscription in one minute. The numbers of events count from its beginning.',
    type: 'object',
    required: ['agoMs', 'state', 'lateMs', 'events', 'delivered', 'waiting', 'dead'],
    properties: {
      agoMs: { type: 'number', description: 'How long ago the minute began.' },
      state: { type: 'string', enum: subscriptionStates },
      lateMs: { type: 'number', description: 'How late the next poll was.' },
      events: { type: 'integer' },
      delivered: { type: 'integer' },
      waiting: { type: 'integer' },
      dead: { type: 'integer' },
    },
  },
  RowReport: {
    title: 'RowReport',
    type: 'object',
    required: ['index'],
    properties: { index: { type: 'integer' }, id: { type: 'string' }, error: { type: 'object' } },
  },
};

/** Text about the scopes of keys, for the documents. */
export const scopeText = `Scopes: ${scopes.join(', ')}.`;
