const variable = { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', examples: ['DATABASE_URL'] };

const path = (description: string, example: string) =>
  ({ type: 'string', minLength: 1, description, examples: [example] }) as const;

const target = {
  type: 'object',
  description: 'Where the tables are kept: exactly one of sqlite, postgres, duckdb and parquet.',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 2,
  properties: {
    sqlite: path('A SQLite file, relative to this file.', './crm.sqlite'),
    postgres: {
      type: 'object',
      description: 'A PostgreSQL database.',
      additionalProperties: false,
      required: ['env'],
      properties: {
        env: {
          ...variable,
          description: 'The environment variable with its URL: postgres://user:password@host/database.',
        },
      },
    },
    schema: {
      type: 'string',
      pattern: '^[a-z_][a-z0-9_]{0,62}$',
      description:
        'For postgres: the schema of the tables, which is created if it is missing; `dynamics365` by default.',
      examples: ['crm'],
    },
    duckdb: path('A DuckDB file, relative to this file.', './crm.duckdb'),
    parquet: path(
      'A folder for Parquet files, relative to this file, which are written from a DuckDB file in it.',
      './lake',
    ),
  },
};

const table = {
  type: ['object', 'null'],
  description: 'What is mirrored of a table; everything by default.',
  additionalProperties: false,
  properties: {
    columns: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
      description:
        'The columns, by our names or logical names; all by default. Key, version and time of change are always there.',
      examples: [['name', 'number', 'new_tier']],
    },
    deletes: {
      type: 'string',
      enum: ['apply', 'keep'],
      description:
        'apply: a deleted row is removed, which is the default. keep: it stays, with the time of its deletion in `_deleted_at`.',
    },
    keepDeleted: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,4}(h|d)$',
      description: 'With `deletes: keep`: how long a deleted row stays; without it, for ever.',
      examples: ['90d'],
    },
  },
};

const duration = (description: string, pattern: string, example: string) =>
  ({ type: 'string', pattern, description, examples: [example] }) as const;

export const mirrorGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Mirror',
  description: 'The tables that `d365 mirror` keeps equal to an organization.',
  type: 'object',
  additionalProperties: false,
  required: ['connection', 'target', 'tables'],
  properties: {
    manifest: path(
      'The folder of a manifest of your own, relative to this file; that of the package by default.',
      './my-connector',
    ),
    connection: {
      type: 'object',
      description: 'The connection to the organization: a saved one, or environment variables.',
      examples: [{ saved: 'contoso' }],
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: {
        saved: {
          type: 'string',
          minLength: 1,
          description: 'The name of a connection saved by `d365 connect`.',
        },
        env: {
          ...variable,
          examples: ['CONTOSO'],
          description:
            'The prefix of environment variables: CONTOSO_ORG_URL with CONTOSO_TENANT, CONTOSO_CLIENT_ID and CONTOSO_CLIENT_SECRET, or CONTOSO_ACCESS_TOKEN.',
        },
      },
    },
    target,
    tables: {
      type: 'object',
      description: 'The tables: by our names (case), logical names (incident) or entity sets (incidents).',
      minProperties: 1,
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,127}$' },
      additionalProperties: table,
    },
    every: duration('How often changes are read; 30 seconds by default.', '^[1-9][0-9]{0,4}(s|m|h)$', '30s'),
    overlap: duration(
      'How far back late commits are looked for; 10 minutes by default, at least 3.',
      '^([3-9]|[1-9][0-9]{1,2})m$',
      '10m',
    ),
    compareEvery: duration(
      'How often the keys and versions of all rows are compared; a day by default. Without change tracking, deletions are found then.',
      '^[1-9][0-9]{0,2}(h|d)$',
      '1d',
    ),
  },
};
