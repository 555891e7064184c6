import { suggest } from '../../errors/suggest.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import { applyEdits, type Checked, hasErrors, type QueryFault } from '../check/fault.ts';
import type { Schema, TableIndex } from '../check/table-index.ts';
import type { Span } from '../query/ast.ts';
import { checkCondition } from './condition.ts';
import { readXml, type XmlAttribute, type XmlElement } from './read-xml.ts';

/** What the walk over one FetchXML carries along. */
export interface FetchChecking {
  readonly schema: Schema;
  readonly faults: QueryFault[];
  /** Tables by alias: conditions may name another one with `entityname`. */
  readonly aliases: Map<string, TableIndex | undefined>;
}

/**
 * Checks FetchXML: well-formed, and its tables, columns, operators, values and joins as the organisation has them.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
export function checkFetch(text: string, schema: Schema): Checked {
  const faults = faultsOf(text, schema);
  const edits = faults.flatMap(({ edit }) => edit ?? []);
  if (edits.length === 0) return { faults };
  const corrected = applyEdits(text, edits);
  return hasErrors(faultsOf(corrected, schema)) ? { faults } : { faults, corrected };
}

/** The logical name of the table that a FetchXML reads. */
export function tableOfFetch(text: string): string | undefined {
  return readXml(text).root?.children.find(({ name }) => name === 'entity')?.attributes.name?.value;
}

function faultsOf(text: string, schema: Schema): readonly QueryFault[] {
  const { root, faults } = readXml(text);
  if (root === undefined) return faults;
  const checking: FetchChecking = { schema, faults: [...faults], aliases: new Map() };
  const entity = root.children.find(({ name }) => name === 'entity');
  if (root.name !== 'fetch')
    fault(checking, root, {
      code: 'Q171',
      message: 'FetchXML begins with <fetch>.',
      fix: 'Write <fetch><entity name="…">.',
    });
  else if (entity === undefined)
    fault(checking, root, {
      code: 'Q171',
      message: '<fetch> needs one <entity>.',
      fix: 'Write <entity name="…"> inside.',
    });
  else checkEntity(checking, entity);
  return checking.faults.sort((a, b) => a.start - b.start);
}

/** Notes a fault; `text` is what to write in its place. */
export function fault(
  { faults }: Pick<FetchChecking, 'faults'>,
  { start, end }: Span,
  {
    text,
    ...said
  }: Pick<QueryFault, 'code' | 'message' | 'fix'> & {
    readonly severity?: 'warning';
    readonly text?: string | undefined;
  },
): void {
  const edit = text === undefined ? {} : { edit: { start, end, text: escapeXml(text) } };
  faults.push({ severity: 'error', ...said, start, end, ...edit });
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

const parts = ['attribute', 'all-attributes', 'order', 'filter', 'link-entity', 'no-attrs'];

function checkEntity(checking: FetchChecking, entity: XmlElement): void {
  const name = entity.attributes.name;
  const table = name && checking.schema.table(name.value);
  if (name === undefined) {
    fault(checking, entity, {
      code: 'Q171',
      message: `<${entity.name}> needs the name of a table.`,
      fix: 'Write name="incident".',
    });
  }
  checkParts(checking, entity, table);
}

/** What may stand below an entity or a link-entity. */
function checkParts(checking: FetchChecking, owner: XmlElement, table: TableIndex | undefined): void {
  // Joins first: conditions may stand before the link whose alias they name.
  for (const child of owner.children) if (child.name === 'link-entity') checkLink(checking, child, table);
  for (const child of owner.children) {
    if (child.name === 'attribute' || child.name === 'order')
      checkColumn(checking, child.attributes[nameOf(child)], table);
    else if (child.name === 'filter') checkFilter(checking, child, table);
    else if (!parts.includes(child.name)) reportElement(checking, child, parts);
  }
}

/** `attribute`, or `name` of `<attribute>`. */
function nameOf({ name }: XmlElement): string {
  return name === 'attribute' ? 'name' : 'attribute';
}

function checkFilter(checking: FetchChecking, filter: XmlElement, table: TableIndex | undefined): void {
  const type = filter.attributes.type;
  if (type !== undefined && type.value !== 'and' && type.value !== 'or') {
    const text = /or/i.test(type.value) ? 'or' : 'and';
    fault(checking, type, {
      code: 'Q171',
      message: 'A filter is of type and, or of type or.',
      fix: `Write ${text}.`,
      text,
    });
  }
  for (const child of filter.children) {
    if (child.name === 'filter') checkFilter(checking, child, table);
    else if (child.name === 'condition') checkCondition(checking, child, { table, checkColumn });
    else if (child.name === 'link-entity') checkLink(checking, child, table);
    else reportElement(checking, child, ['condition', 'filter']);
  }
}

function checkLink(checking: FetchChecking, link: XmlElement, outer: TableIndex | undefined): void {
  const { name, from, to, alias } = link.attributes;
  const inner = name && checking.schema.table(name.value);
  if (name === undefined)
    fault(checking, link, {
      code: 'Q171',
      message: '<link-entity> needs the name of a table.',
      fix: 'Write name="account".',
    });
  if (alias !== undefined) checking.aliases.set(alias.value, inner);
  checkColumn(checking, from, inner);
  checkColumn(checking, to, outer);
  checkParts(checking, link, inner);
}

/** The column of an attribute's value: FetchXML knows lookups by their logical name. */
export function checkColumn(
  checking: FetchChecking,
  name: XmlAttribute | undefined,
  table: TableIndex | undefined,
): MetadataColumn | undefined {
  if (name === undefined || table === undefined) return undefined;
  const found = table.attribute(name.value);
  if (found !== undefined) return found;
  if (isMirror(name.value, table)) return undefined;
  const [best, ...others] = table.columnsLike(name.value);
  const near = [best, ...others.slice(0, 2)].flatMap((column) => column?.name ?? []);
  const code = table.column(name.value) === undefined ? 'Q110' : 'Q112';
  const message =
    code === 'Q112'
      ? `FetchXML names a lookup without its underscores: ${best?.name}.`
      : `The table ${table.table.name} has no column “${name.value}”.`;
  fault(checking, name, {
    code,
    message,
    ...(best && { fix: `Did you mean ${near.join(' or ')}?` }),
    text: best?.name,
  });
  return undefined;
}

/** FetchXML also knows the text beside a lookup or choice: `customeridname`, `prioritycodename`, `owneridtype`. */
function isMirror(name: string, table: TableIndex): boolean {
  const [, base] = /^(.+?)(?:yominame|name|type)$/.exec(name) ?? [];
  const type = base === undefined ? undefined : table.attribute(base)?.type;
  return type !== undefined && ['lookup', 'choice', 'choices', 'boolean'].includes(type);
}

function reportElement(checking: FetchChecking, element: XmlElement, known: readonly string[]): void {
  const [near] = suggest(element.name, known, 1);
  const message = `<${element.name}> has no place here.`;
  fault(checking, element, {
    code: 'Q171',
    message,
    fix: near ? `Did you mean <${near}>?` : `Here may stand: ${known.join(', ')}.`,
  });
}
