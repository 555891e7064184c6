import { joinWithOr } from '../../errors/join-with-or.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import type { MetadataSchema, TableIndex } from '../check/table-index.ts';
import { checkConditionColumn } from './check-condition-column.ts';
import type { FetchXmlDocument } from './fetchxml-document.ts';
import { type FetchXmlIssue, reportFetchXml } from './fetchxml-issue.ts';
import type { XmlElement } from './read-xml.ts';

/** The state of the check of one FetchXML query against the metadata. */
interface FetchXmlTables {
  readonly issues: FetchXmlIssue[];
  /** The table of the entity or a joined link, by the name that the query gives it. */
  findSource(name: string): TableIndex | undefined;
}

/** Checks the tables and columns of a query. Those of tables that are not known are not checked. */
export function checkTables(
  { entity, sources }: FetchXmlDocument,
  schema: MetadataSchema,
): readonly FetchXmlIssue[] {
  const issues: FetchXmlIssue[] = [];
  const tableOf = ({ attributes }: XmlElement) =>
    attributes.name === undefined ? undefined : schema.table(attributes.name);
  const tables: FetchXmlTables = {
    issues,
    findSource(name) {
      const found = sources.find((source) => source.name === name);
      return found && tableOf(found.element);
    },
  };
  const visit = (owner: XmlElement, outer: TableIndex | undefined): void => {
    const table = tableOf(owner);
    if (table === undefined) reportUnknownTable(owner, schema, issues);
    checkColumn(tables, owner, 'from', table);
    checkColumn(tables, owner, 'to', outer);
    checkParts(tables, owner, table);
    for (const link of findLinks(owner)) visit(link, table);
  };
  visit(entity, undefined);
  return issues;
}

/** The links of an owner, those in its filters included. */
function findLinks(owner: XmlElement): readonly XmlElement[] {
  return owner.children.flatMap((child) => {
    if (child.name === 'link-entity') return [child];
    return child.name === 'filter' ? findLinks(child) : [];
  });
}

function reportUnknownTable(owner: XmlElement, schema: MetadataSchema, issues: FetchXmlIssue[]): void {
  const { name } = owner.attributes;
  const similar = name === undefined ? undefined : schema.similarTables?.(name);
  if (similar === undefined) return;
  reportFetchXml(issues, owner.attributeSpans.name?.value ?? owner, {
    code: 'Q105',
    message: `The organization has no table “${name}”.`,
    fix: similar.length > 0 ? `Did you mean ${joinWithOr(similar)}?` : "Write the table's logical name.",
    text: similar[0],
  });
}

/** Checks the columns, orders and filters of an entity, a link or a filter. */
function checkParts(tables: FetchXmlTables, owner: XmlElement, table: TableIndex | undefined): void {
  for (const child of owner.children) {
    const { entityname } = child.attributes;
    const source = entityname === undefined ? table : tables.findSource(entityname);
    if (child.name === 'attribute')
      checkReturnedColumn(tables, child, checkColumn(tables, child, 'name', source));
    else if (child.name === 'order') checkColumn(tables, child, 'attribute', source);
    else if (child.name === 'filter') checkParts(tables, child, table);
    else if (child.name === 'condition') {
      const column = checkColumn(tables, child, 'attribute', source);
      checkConditionColumn(tables.issues, child, { column, other: findOtherColumn(tables, child, table) });
    }
  }
}

/** The column of `valueof="lastname"`, or of a joined link: `valueof="alias.lastname"`. */
function findOtherColumn(
  tables: FetchXmlTables,
  condition: XmlElement,
  own: TableIndex | undefined,
): MetadataColumn | undefined {
  const { valueof } = condition.attributes;
  const span = condition.attributeSpans.valueof?.value;
  if (valueof === undefined || span === undefined) return undefined;
  const dot = valueof.indexOf('.');
  const table = dot < 0 ? own : tables.findSource(valueof.slice(0, dot));
  const name = valueof.slice(dot + 1);
  return findColumn(tables, { name, span: { start: span.start + dot + 1, end: span.end } }, table);
}

/** The type of column that each aggregate function and date grouping needs. */
function checkReturnedColumn(
  { issues }: FetchXmlTables,
  element: XmlElement,
  column: MetadataColumn | undefined,
): void {
  if (column === undefined) return;
  const { aggregate, dategrouping } = element.attributes;
  const { name, type } = column;
  const isNumber = type === 'integer' || type === 'bigint' || type === 'decimal';
  if ((aggregate === 'sum' || aggregate === 'avg') && !isNumber)
    reportFetchXml(issues, element.attributeSpans.aggregate?.value ?? element, {
      code: 'Q150',
      message: `${aggregate} is for numbers; ${name} is of type ${type}.`,
      fix: 'Use count or countcolumn, or another column.',
    });
  if (dategrouping !== undefined && type !== 'date' && type !== 'date-time')
    reportFetchXml(issues, element.attributeSpans.dategrouping?.value ?? element, {
      code: 'Q175',
      message: `dategrouping is for dates; ${name} is of type ${type}.`,
      fix: 'Remove dategrouping.',
    });
}

function checkColumn(
  tables: FetchXmlTables,
  element: XmlElement,
  attribute: string,
  table: TableIndex | undefined,
): MetadataColumn | undefined {
  const name = element.attributes[attribute];
  const span = element.attributeSpans[attribute]?.value;
  return name === undefined || span === undefined ? undefined : findColumn(tables, { name, span }, table);
}

/** Finds a column by logical name and reports unknown names. */
function findColumn(
  { issues }: FetchXmlTables,
  { name, span }: { readonly name: string; readonly span: { readonly start: number; readonly end: number } },
  table: TableIndex | undefined,
): MetadataColumn | undefined {
  const found = table?.columnByLogicalName(name);
  if (found !== undefined || table === undefined || table.isCompanion(name)) return found;
  const [best, ...others] = table.similarColumns(name);
  const near = [best, ...others.slice(0, 2)].flatMap((column) => column?.name ?? []);
  const isWireName = table.columnByWireName(name) !== undefined;
  reportFetchXml(issues, span, {
    code: isWireName ? 'Q112' : 'Q110',
    message: isWireName
      ? `FetchXML uses the logical name of a lookup: ${best?.name}.`
      : `The table ${table.table.name} has no column “${name}”.`,
    fix: best && `Did you mean ${joinWithOr(near)}?`,
    text: best?.name,
  });
  return undefined;
}
