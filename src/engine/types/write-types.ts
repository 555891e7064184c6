import { tableSchema } from '../../metadata/table-schema.ts';
import type { Definition } from '../../model/definition.ts';
import type { JsonSchema } from '../../model/json.ts';
import type { MetadataTable } from '../../model/metadata.ts';
import { propertyName, schemaType } from './schema-type.ts';

/** What a file of types is made from. */
export interface TypesOptions {
  readonly definition: Definition;
  /** Tables of an organisation, for rows in Dataverse's own words with its custom columns. */
  readonly tables?: readonly MetadataTable[];
  /** Where the file imports `Json` from. */
  readonly from?: string;
}

/**
 * TypeScript types of everything a connector does, as one file: `Operations` for `connector.connect<Operations>(…)`,
 * and `Rows` of an organisation's tables where they are given.
 */
export function writeTypes({
  definition,
  tables = [],
  from = 'dynamics365-connector',
}: TypesOptions): string {
  const { actions, triggers } = definition;
  const body = [
    '/** Inputs and outputs of every action, params and rows of every trigger. */',
    'export interface Operations {',
    block(
      'actions',
      Object.values(actions).map(({ id, title, input, outputSchema }) => ({
        id,
        title,
        parts: { input, output: outputSchema },
      })),
    ),
    block(
      'triggers',
      Object.values(triggers).map(({ id, title, input, outputSchema }) => ({
        id,
        title,
        parts: { params: input, row: outputSchema },
      })),
    ),
    '}',
    ...(tables.length === 0 ? [] : ['', rows(tables)]),
  ].join('\n');
  const used = ['Json', 'JsonObject'].filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  const imports = used.length === 0 ? [] : [`import type { ${used.join(', ')} } from '${from}';`, ''];
  return [
    '// Written by `d365 types`; changes are lost when it is written again.',
    ...imports,
    body,
    '',
  ].join('\n');
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly parts: Readonly<Record<string, JsonSchema>>;
}

function block(name: string, entries: readonly Entry[]): string {
  const lines = entries.map(({ id, title, parts }) => {
    const members = Object.entries(parts).map(
      ([part, schema]) => `      readonly ${part}: ${schemaType(schema, '      ')};`,
    );
    return `    /** ${title}. */\n    readonly ${propertyName(id)}: {\n${members.join('\n')}\n    };`;
  });
  return `  readonly ${name}: {\n${lines.join('\n')}\n  };`;
}

/** What a new row of each table may hold, in Dataverse's own words. */
function rows(tables: readonly MetadataTable[]): string {
  const lines = tables.map((table) => {
    const schema = { ...tableSchema(table, 'create'), required: [] };
    return `  /** ${table.title}. */\n  readonly ${table.name}: ${schemaType(schema, '  ')};`;
  });
  return `/** Columns of the organisation's tables that can be written. */\nexport interface Rows {\n${lines.join('\n')}\n}`;
}
