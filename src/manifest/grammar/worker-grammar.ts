import { guidSource } from '../../model/guid.ts';

const name = '^[a-z0-9][a-z0-9._-]{0,99}$';
const variable = { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', examples: ['CONTOSO'] };

const connection = {
  type: 'object',
  description: 'Either a saved connection, or environment variables.',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    saved: { type: 'string', minLength: 1, description: 'The name of a connection saved by `d365 connect`.' },
    env: {
      ...variable,
      description:
        'The prefix of environment variables: CONTOSO_ORG_URL with CONTOSO_TENANT, CONTOSO_CLIENT_ID and CONTOSO_CLIENT_SECRET, or CONTOSO_ACCESS_TOKEN.',
    },
  },
};

const push = {
  type: 'object',
  description:
    'How webhooks of the organizations reach this worker. Subscriptions with `push: true` use them.',
  additionalProperties: false,
  required: ['url', 'secret'],
  properties: {
    url: {
      type: 'string',
      minLength: 1,
      description: 'The public address of the receiver, on port 443: that of a reverse proxy in front of it.',
      examples: ['https://hooks.example.com/d365'],
    },
    secret: {
      type: 'object',
      description:
        'Where to read the secret from which the keys of webhooks are derived; this file never contains it.',
      additionalProperties: false,
      required: ['env'],
      properties: {
        env: {
          type: 'string',
          pattern: '^[A-Z][A-Z0-9_]*$',
          examples: ['D365_PUSH_SECRET'],
          description: 'The environment variable with the secret: at least 32 characters.',
        },
      },
    },
    listen: {
      type: 'string',
      pattern: '^([^\\s]+:)?[0-9]{1,5}$',
      description: 'Where the receiver listens: a port, or host and port; 127.0.0.1:9465 by default.',
      examples: ['127.0.0.1:9465'],
    },
    every: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,4}(s|m|h)$',
      description:
        'How often subscriptions with push are polled while webhooks tell of all changes; 5 minutes by default.',
      examples: ['5m'],
    },
  },
} as const;

const limit = (description: string, examples: readonly number[]) =>
  ({ type: 'integer', minimum: 1, description, examples }) as const;

const limits = {
  type: 'object',
  description:
    'How much of the service protection limits of a user is used at most, for each connection. By default all that the environment allows.',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    maxRequests: limit('Requests in 5 minutes.', [3000]),
    maxExecutionMs: limit('Combined execution time in 5 minutes, in milliseconds.', [600_000]),
    maxConcurrentRequests: limit('Requests at the same time.', [20]),
  },
};

const webhook = {
  type: 'object',
  description: 'Posts each event as JSON, signed as defined by Standard Webhooks.',
  additionalProperties: false,
  required: ['url', 'secret'],
  properties: {
    url: { type: 'string', minLength: 1, description: 'An https URL, or http on this machine.' },
    secret: {
      type: 'object',
      description: 'Where to read the signing secret; this file never contains it.',
      additionalProperties: false,
      required: ['env'],
      properties: {
        env: {
          ...variable,
          description: 'The environment variable with the secret: whsec_ and base64 of 24 to 64 bytes.',
        },
      },
    },
  },
};

const deliver = {
  type: 'object',
  description: 'Where events are delivered: exactly one of these.',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    handler: {
      type: 'string',
      minLength: 1,
      description:
        'The path of a module, relative to this file. Its default export is called with (item, context).',
      examples: ['./on-new-case.ts'],
    },
    webhook,
    stdout: { type: 'boolean', enum: [true], description: 'Writes one line of JSON for each event.' },
  },
};

const subscription = {
  type: 'object',
  description: 'A trigger on a connection, and the delivery of its events.',
  additionalProperties: false,
  required: ['connection', 'trigger', 'deliver'],
  properties: {
    connection: { type: 'string', minLength: 1, description: 'One of the connections above.' },
    trigger: {
      type: 'string',
      minLength: 1,
      description: 'The id of a trigger.',
      examples: ['case.created'],
    },
    params: { type: 'object', description: 'The parameters of the trigger.' },
    from: {
      type: 'string',
      pattern: '^(beginning|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))$',
      description: 'The start of the first poll: a time, or `beginning`; now by default.',
      examples: ['2026-01-15T09:00:00Z'],
    },
    every: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,4}(s|m)$',
      description: 'How often to poll; the interval of the trigger by default.',
      examples: ['60s'],
    },
    push: {
      type: 'boolean',
      description:
        'Webhooks of the organization tell of changes within about a second. It is still polled, less often.',
    },
    ignoreChangesBy: {
      type: 'string',
      pattern: `^(self|${guidSource})$`,
      description:
        'self: ignores what this connection wrote, so that a workflow does not trigger itself. A systemuserid: ignores rows that this user changed last.',
    },
    deliver,
    retryFor: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,4}(m|h|d)$',
      description:
        'How long an event is delivered again before it becomes a dead letter; three days by default.',
      examples: ['3d'],
    },
    maxRetryDelay: {
      type: 'string',
      pattern: '^([1-9][0-9]{0,2}(s|m)|([1-9]|1[0-9]|2[0-4])h)$',
      description: 'The longest delay between two deliveries of an event; 30 minutes by default.',
      examples: ['30m'],
    },
    maxAttempts: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description:
        'After this number of failed deliveries, an event becomes a dead letter, also before `retryFor` has passed.',
    },
    maxRowItems: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      description:
        'How often one row can be reported within a minute before the subscription is paused; 30 by default.',
    },
  },
};

const feeds = {
  type: 'object',
  description: 'Settings of all change feeds.',
  additionalProperties: false,
  properties: {
    retention: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,3}(h|d)$',
      description:
        'How long changes are kept for subscriptions that are behind; 7 days by default. One that is further behind reads the changes of its time again.',
      examples: ['7d'],
    },
    maxEntries: {
      type: 'integer',
      minimum: 100,
      maximum: 10_000_000,
      description: 'How many changes of a table are kept; 100,000 by default.',
    },
    overlap: {
      type: 'string',
      pattern: '^([3-9]|[1-9][0-9]{1,2})m$',
      description:
        'How far each read goes back for transactions that commit late; 10 minutes by default, at least 3.',
      examples: ['10m'],
    },
  },
};

/** Grammar of a worker file: the triggers, their connections, and the delivery of their events. */
export const workerGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Worker',
  description: 'The connections and subscriptions that `d365 worker` runs.',
  type: 'object',
  additionalProperties: false,
  required: ['connections', 'subscriptions'],
  properties: {
    manifest: {
      type: 'string',
      minLength: 1,
      description:
        'The folder of a manifest of your own, relative to this file; the manifest of the package by default.',
      examples: ['./my-connector'],
    },
    connections: {
      type: 'object',
      description: 'Connections to organizations, by names that are used in this file.',
      minProperties: 1,
      propertyNames: { pattern: name },
      additionalProperties: connection,
    },
    limits,
    push,
    subscriptions: {
      type: 'object',
      description:
        'Subscriptions, by ids of your choice. The stored cursor belongs to the id: a changed subscription needs a new id.',
      minProperties: 1,
      propertyNames: { pattern: name },
      additionalProperties: subscription,
    },
    feeds,
    keepDelivered: {
      type: 'string',
      pattern: '^(0s|[1-9][0-9]{0,4}(m|h|d))$',
      description:
        'How long delivered events are kept for operators; 7 days by default, 0s: not at all. They do not count toward the limits of the outbox.',
      examples: ['7d'],
    },
    keepDeadLetters: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,4}(m|h|d)$',
      description:
        'How long dead letters are kept, which are then deleted; without it, until someone replays or deletes them.',
      examples: ['30d'],
    },
  },
};
