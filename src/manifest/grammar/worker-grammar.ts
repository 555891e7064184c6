const name = '^[a-z0-9][a-z0-9._-]{0,99}$';
const variable = { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', examples: ['CONTOSO'] };

const connection = {
  type: 'object',
  description: 'Either a saved connection, or variables of the environment.',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    saved: { type: 'string', minLength: 1, description: 'Name of a connection made with `d365 connect`.' },
    env: {
      ...variable,
      description:
        'Prefix of variables: CONTOSO_ORG_URL with CONTOSO_TENANT, CONTOSO_CLIENT_ID and CONTOSO_CLIENT_SECRET, or CONTOSO_ACCESS_TOKEN.',
    },
  },
};

const webhook = {
  type: 'object',
  description: 'Posts each event as JSON, signed by Standard Webhooks.',
  additionalProperties: false,
  required: ['url', 'secret'],
  properties: {
    url: { type: 'string', minLength: 1, description: 'https, or http on this machine.' },
    secret: {
      type: 'object',
      description: 'Where the signing secret comes from; it never stands in this file.',
      additionalProperties: false,
      required: ['env'],
      properties: {
        env: { ...variable, description: 'The variable that holds it: whsec_ and base64 of 24 to 64 bytes.' },
      },
    },
  },
};

const deliver = {
  type: 'object',
  description: 'Where events go: exactly one way.',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    handler: {
      type: 'string',
      minLength: 1,
      description: 'A module beside this file; its default export is called with (item, context).',
      examples: ['./on-new-case.ts'],
    },
    webhook,
    stdout: { type: 'boolean', enum: [true], description: 'One line of JSON for each event.' },
  },
};

const subscription = {
  type: 'object',
  description: 'A trigger on a connection, and where its events go.',
  additionalProperties: false,
  required: ['connection', 'trigger', 'deliver'],
  properties: {
    connection: { type: 'string', minLength: 1, description: 'One of the connections above.' },
    trigger: { type: 'string', minLength: 1, description: 'Id of a trigger.', examples: ['case.created'] },
    params: { type: 'object', description: 'What narrows the trigger.' },
    from: {
      type: 'string',
      pattern: '^(beginning|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))$',
      description: 'Where the first poll starts: a time, or `beginning`; left out: now.',
      examples: ['2026-01-15T09:00:00Z'],
    },
    every: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,4}(s|m)$',
      description: 'How often to poll; left out: as the trigger says.',
      examples: ['60s'],
    },
    ignoreChangesBy: {
      type: 'string',
      enum: ['self'],
      description:
        'Passes over what the connection’s own user changed, so that a workflow does not trigger itself.',
    },
    deliver,
    maxAttempts: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description: 'After so many refusals an event is set aside; 20 unless told.',
    },
  },
};

/** Grammar of a worker's file: which triggers run on which connections, and where their events go. */
export const workerGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Worker',
  description: 'What `d365 worker` runs: connections, and subscriptions on them.',
  type: 'object',
  additionalProperties: false,
  required: ['connections', 'subscriptions'],
  properties: {
    connections: {
      type: 'object',
      description: 'Organizations, by names that this file gives them.',
      minProperties: 1,
      propertyNames: { pattern: name },
      additionalProperties: connection,
    },
    subscriptions: {
      type: 'object',
      description:
        'Triggers, by ids of your own. The id keeps the place: a changed subscription needs a new one.',
      minProperties: 1,
      propertyNames: { pattern: name },
      additionalProperties: subscription,
    },
  },
};
