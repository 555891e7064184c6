import { suggest } from '../../errors/suggest.ts';
import { applyEdits, type CheckResult, hasErrors, type QueryDiagnostic } from '../check/query-diagnostic.ts';
import type { MetadataSchema, TableIndex } from '../check/table-index.ts';
import { checkCondition } from './check-condition.ts';
import { checkFetchXmlColumn, type FetchXmlCheckContext, reportFetchXml } from './fetchxml-check-context.ts';
import { readXml, type XmlElement } from './read-xml.ts';

/**
 * Checks FetchXML: that it is well-formed, and its tables, columns, operators, values and joins against the metadata.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
export function checkFetchXml(text: string, schema: MetadataSchema): CheckResult {
  const diagnostics = collectDiagnostics(text, schema);
  const edits = diagnostics.flatMap(({ edit }) => edit ?? []);
  if (edits.length === 0) return { diagnostics };
  const corrected = applyEdits(text, edits);
  return hasErrors(collectDiagnostics(corrected, schema)) ? { diagnostics } : { diagnostics, corrected };
}

function collectDiagnostics(text: string, schema: MetadataSchema): readonly QueryDiagnostic[] {
  const { root, diagnostics } = readXml(text);
  if (root === undefined) return diagnostics;
  const context: FetchXmlCheckContext = { schema, diagnostics: [...diagnostics], aliases: new Map() };
  const entity = root.children.find(({ name }) => name === 'entity');
  if (root.name !== 'fetch')
    reportFetchXml(context, root, {
      code: 'Q171',
      message: 'FetchXML begins with <fetch>.',
      fix: 'Write <fetch><entity name="…">.',
    });
  else if (entity === undefined)
    reportFetchXml(context, root, {
      code: 'Q171',
      message: '<fetch> needs an <entity>.',
      fix: 'Write <entity name="…"> inside.',
    });
  else checkEntity(context, entity);
  return context.diagnostics.sort((a, b) => a.start - b.start);
}

const entityChildren = ['attribute', 'all-attributes', 'order', 'filter', 'link-entity', 'no-attrs'];

function checkEntity(context: FetchXmlCheckContext, entity: XmlElement): void {
  const name = entity.attributes.name;
  const table = name && context.schema.table(name.value);
  if (name === undefined) {
    reportFetchXml(context, entity, {
      code: 'Q171',
      message: `<${entity.name}> needs the name of a table.`,
      fix: 'Write name="incident".',
    });
  }
  checkParts(context, entity, table);
}

/** Checks the children of an entity or a link-entity. */
function checkParts(context: FetchXmlCheckContext, owner: XmlElement, table: TableIndex | undefined): void {
  // Joins first: a condition can come before the link whose alias it uses.
  for (const child of owner.children) if (child.name === 'link-entity') checkLink(context, child, table);
  for (const child of owner.children) {
    if (child.name === 'attribute' || child.name === 'order')
      checkFetchXmlColumn(context, child.attributes[columnAttribute(child)], table);
    else if (child.name === 'filter') checkFetchFilter(context, child, table);
    else if (!entityChildren.includes(child.name)) reportElement(context, child, entityChildren);
  }
}

/** The attribute with the column: `name` for `<attribute>`, `attribute` for other elements. */
function columnAttribute({ name }: XmlElement): string {
  return name === 'attribute' ? 'name' : 'attribute';
}

function checkFetchFilter(
  context: FetchXmlCheckContext,
  filter: XmlElement,
  table: TableIndex | undefined,
): void {
  const type = filter.attributes.type;
  if (type !== undefined && type.value !== 'and' && type.value !== 'or') {
    const text = /or/i.test(type.value) ? 'or' : 'and';
    reportFetchXml(context, type, {
      code: 'Q171',
      message: 'The type of a filter is and or or.',
      fix: `Write ${text}.`,
      text,
    });
  }
  for (const child of filter.children) {
    if (child.name === 'filter') checkFetchFilter(context, child, table);
    else if (child.name === 'condition') checkCondition(context, child, table);
    else if (child.name === 'link-entity') checkLink(context, child, table);
    else reportElement(context, child, ['condition', 'filter']);
  }
}

function checkLink(context: FetchXmlCheckContext, link: XmlElement, outer: TableIndex | undefined): void {
  const { name, from, to, alias } = link.attributes;
  const inner = name && context.schema.table(name.value);
  if (name === undefined)
    reportFetchXml(context, link, {
      code: 'Q171',
      message: '<link-entity> needs the name of a table.',
      fix: 'Write name="account".',
    });
  if (alias !== undefined) context.aliases.set(alias.value, inner);
  checkFetchXmlColumn(context, from, inner);
  checkFetchXmlColumn(context, to, outer);
  checkParts(context, link, inner);
}

function reportElement(context: FetchXmlCheckContext, element: XmlElement, known: readonly string[]): void {
  const [near] = suggest(element.name, known, 1);
  const message = `<${element.name}> is not allowed here.`;
  reportFetchXml(context, element, {
    code: 'Q171',
    message,
    fix: near ? `Did you mean <${near}>?` : `Use one of: ${known.join(', ')}.`,
  });
}
