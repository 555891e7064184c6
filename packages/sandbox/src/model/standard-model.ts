import { readFileSync } from 'node:fs';
import { createModel, type EditableModel } from './create-model.ts';
import { createPlatformTables } from './platform-tables.ts';
import { solutionTables } from './solution-tables.ts';
import type { Attribute, ModelData, TableModel } from './types.ts';

/** A column in `tables.json`: members with their default are absent. */
type CompactAttribute = Pick<Attribute, 'logicalName' | 'type' | 'displayName'> & Partial<Attribute>;
interface CompactModelData extends Omit<ModelData, 'tables'> {
  readonly tables: readonly (Omit<TableModel, 'attributes'> & {
    readonly attributes: readonly CompactAttribute[];
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
export function createStandardModel(): EditableModel {
  const data = JSON.parse(readFileSync(new URL('tables.json', import.meta.url), 'utf8')) as CompactModelData;
  const tables: readonly TableModel[] = data.tables.map((table) => ({
    ...table,
    attributes: table.attributes.map(withAttributeDefaults),
  }));
  const queue = tables.find(({ logicalName }) => logicalName === 'queue');
  return createModel({
    tables: [...tables, ...solutionTables.tables, ...(queue ? createPlatformTables(queue) : [])],
    oneToMany: [...data.oneToMany, ...solutionTables.oneToMany],
    manyToMany: data.manyToMany,
  });
}
