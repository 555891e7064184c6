import { readFileSync } from 'node:fs';
import { constant } from '../constant.ts';
import { createModel, type EditableModel } from './create-model.ts';
import { eventRelationships } from './event-tables.ts';
import { createPlatformTables } from './platform-tables.ts';
import { createSecurityTables } from './security-tables.ts';
import { solutionTables } from './solution-tables.ts';
import type { Attribute, ModelData, TableModel } from './types.ts';

/** A column in `tables.json`: members with their default are absent. */
type CompactAttribute = Pick<Attribute, 'logicalName' | 'type' | 'displayName'> & Partial<Attribute>;
interface CompactModelData extends Omit<ModelData, 'tables'> {
  readonly tables: readonly (Omit<TableModel, 'attributes' | 'metadataColumns'> & {
    readonly attributes: readonly CompactAttribute[];
    readonly metadataColumns?: readonly CompactAttribute[];
  })[];
}

const withAttributeDefaults = (attribute: CompactAttribute): Attribute => ({
  schemaName: attribute.logicalName,
  required: 'None',
  validForCreate: true,
  validForUpdate: true,
  ...attribute,
});

/** The standard tables of Customer Service, Sales and the platform. Each organization gets its own model and extends it. */
export const createStandardModel = (): EditableModel => createModel(readStandardTables());

/** The standard tables and relationships: read once, because models never change what they are created from. */
export const readStandardTables = constant(parseStandardTables);

function parseStandardTables(): ModelData {
  const data = JSON.parse(readFileSync(new URL('tables.json', import.meta.url), 'utf8')) as CompactModelData;
  const tables: readonly TableModel[] = data.tables.map((table) => ({
    ...table,
    attributes: table.attributes.map(withAttributeDefaults),
    metadataColumns: table.metadataColumns?.map(withAttributeDefaults),
  }));
  const platform = createPlatform([...tables, ...solutionTables.tables]);
  return {
    tables: [...tables, ...solutionTables.tables, ...platform.tables],
    oneToMany: [...data.oneToMany, ...solutionTables.oneToMany, ...platform.oneToMany, ...eventRelationships],
    manyToMany: [...data.manyToMany, ...platform.manyToMany],
  };
}

/** The tables of the platform. Their system columns are those of a user-owned table. */
function createPlatform(tables: readonly TableModel[]): ModelData {
  const queue = tables.find(({ logicalName }) => logicalName === 'queue');
  if (!queue) return { tables: [], oneToMany: [], manyToMany: [] };
  const security = createSecurityTables(queue, tables);
  return { ...security, tables: [...createPlatformTables(queue), ...security.tables] };
}
