import type { Attribute, ManyToMany, Model, TableModel } from '../../model/types.ts';
import { comparing } from '../columns.ts';
import { quote } from '../database.ts';
import type { Column, Scope } from '../query/scope.ts';
import { noTable } from '../refusal.ts';
import { badFetch, required, type XmlElement } from './xml.ts';

/** The entity of a query or one of its links: its scope, and the name that conditions and columns call it by. */
export interface Source {
  readonly element: XmlElement;
  readonly scope: Scope;
  /** Absent for the entity itself. */
  readonly alias?: string;
}

/** All tables of a query in one FROM clause, and the conditions that are not part of a join. */
export interface Sources {
  readonly entity: Source;
  readonly links: readonly Source[];
  from(): string;
  readonly conditions: readonly string[];
  /** By alias; the entity without one. */
  named(alias: string | undefined): Source;
}

/** A table, or the intersect table of an N:N relationship with its two columns. */
export function tableNamed(model: Model, name: string): TableModel {
  const pair = model.manyToMany.find(({ intersect }) => intersect === name);
  const table = pair ? intersectTable(pair) : model.table(name);
  if (!table) throw noTable(name);
  return table;
}

const intersectTable = ({ intersect, ends }: ManyToMany): TableModel => ({
  logicalName: intersect,
  schemaName: intersect,
  displayName: intersect,
  displayCollectionName: intersect,
  typeCode: 0,
  base: 'crmbaseentity',
  primaryId: ends[0].column,
  ownership: 'None',
  changeTracking: false,
  keys: [],
  attributes: ends.map(({ column }) => ({
    logicalName: column,
    schemaName: column,
    displayName: column,
    type: 'Uniqueidentifier',
    required: 'SystemRequired',
    validForCreate: false,
    validForUpdate: false,
  })),
});

/** A column by its logical name. */
export function fetchColumn(scope: Scope, name: string): Column {
  const { table, alias } = scope;
  const attribute = table.attributes.find(({ logicalName }) => logicalName === name);
  if (!attribute) {
    throw badFetch(
      `'${table.schemaName}' entity doesn't contain attribute with Name = '${name}' and NameMapping = 'Logical'.`,
      '0x80041103',
    );
  }
  return columnOf(attribute, { table, alias });
}

export const columnOf = (
  attribute: Attribute,
  { table, alias }: Pick<Column, 'table' | 'alias'>,
): Column => ({
  table,
  attribute,
  alias,
  sql: comparing(attribute, alias),
});

/** `from` is the column of the linked table, `to` that of its parent. */
export function joinCondition(element: XmlElement, scope: Scope, parent: Scope): string {
  const column = (of: Scope, attribute: string) => {
    const { alias, attribute: found } = fetchColumn(of, required(element, attribute));
    return `${alias}.${quote(found.logicalName)}`;
  };
  return `${column(scope, 'from')} = ${column(parent, 'to')}`;
}
