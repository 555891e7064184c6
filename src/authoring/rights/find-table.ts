import type { ConnectorDefinition } from '../../model/definition.ts';
import { findTableByName, type Table } from '../../model/table.ts';

/** The tables that rights are computed with: those of the connector, and names of others. */
export interface RightsContext {
  readonly definition: ConnectorDefinition;
  /** The tables that operations on any table are used with, by any of their names. */
  readonly tables: readonly string[];
}

/** Tables of requests that have no table file: entity set -> logical name. */
const otherSets: Readonly<Record<string, string>> = {
  activitypointers: 'activitypointer',
  audits: 'audit',
  organizations: 'organization',
  posts: 'post',
  savedqueries: 'savedquery',
  userqueries: 'userquery',
};

/** The logical name of a table by its entity set; undefined if the connector does not have it. */
export function findBySet({ definition }: RightsContext, entitySet: string): string | undefined {
  const own = Object.values(definition.tables).find((table) => table.entitySet === entitySet);
  return own?.logicalName ?? (Object.hasOwn(otherSets, entitySet) ? otherSets[entitySet] : undefined);
}

/** The logical name of a table by any name; a name that the connector does not have is taken as a logical name. */
export function logicalNameOf({ definition }: RightsContext, name: string): string {
  return findTableByName(definition.tables, name)?.logicalName ?? name;
}

/** Our table with this logical name or our name. */
export function ownTable({ definition }: RightsContext, name: string): Table | undefined {
  return findTableByName(definition.tables, name);
}
