import { suggest } from '../../errors/suggest.ts';
import { applyEdits, type Checked, hasErrors, type QueryFault } from '../check/fault.ts';
import type { Schema, TableIndex } from '../check/table-index.ts';
import { checkColumn, type FetchChecking, fault } from './checking.ts';
import { checkCondition } from './condition.ts';
import { readXml, type XmlElement } from './read-xml.ts';

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
    else if (child.name === 'condition') checkCondition(checking, child, table);
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

function reportElement(checking: FetchChecking, element: XmlElement, known: readonly string[]): void {
  const [near] = suggest(element.name, known, 1);
  const message = `<${element.name}> has no place here.`;
  fault(checking, element, {
    code: 'Q171',
    message,
    fix: near ? `Did you mean <${near}>?` : `Here may stand: ${known.join(', ')}.`,
  });
}
