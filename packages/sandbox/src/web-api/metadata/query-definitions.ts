import type { Comparison, ExpandItem, Filter, Operand, PropertyPath } from 'dynamics365-connector/odata';
import { DataverseError, invalidQuery } from '../errors.ts';
import { sortMembers } from './member-order.ts';
import type { MetadataDefinition } from './metadata-definition.ts';

/** The query options of a metadata request. */
export interface MetadataQuery {
  readonly select?: readonly PropertyPath[];
  readonly filter?: Filter;
  readonly expand?: readonly ExpandItem[];
}

/** Filters and shapes definitions. `parts` are included only when expanded, `MetadataId` always. */
export function shapeDefinitions(
  definitions: readonly MetadataDefinition[],
  query: MetadataQuery,
  parts: readonly string[],
): readonly MetadataDefinition[] {
  const { filter } = query;
  if (filter) checkFilter(filter);
  const kept = filter ? definitions.filter((definition) => matchesFilter(filter, definition)) : definitions;
  return kept.map((definition) => shapeDefinition(definition, query, parts));
}

/** A definition with its selected properties and expanded parts. */
export function shapeDefinition(
  definition: MetadataDefinition,
  query: MetadataQuery,
  parts: readonly string[],
): MetadataDefinition {
  const expanded = (query.expand ?? []).map((item) => expandPart(definition, item));
  const names = query.select
    ? [...query.select.map((path) => checkSelectedName(definition, path)), 'MetadataId']
    : Object.keys(definition).filter((name) => !parts.includes(name));
  const type = '@odata.type' in definition ? { '@odata.type': definition['@odata.type'] } : {};
  const own = sortMembers(names, definition).flatMap((name) =>
    name in definition ? [[name, definition[name]] as const] : [],
  );
  return { ...type, ...Object.fromEntries(own), ...Object.fromEntries(expanded) };
}

function checkSelectedName(definition: MetadataDefinition, path: PropertyPath): string {
  const [name = ''] = path.segments;
  // Column types have different properties; a property that a column lacks is omitted.
  if (!(name in definition) && !('AttributeType' in definition)) {
    throw invalidQuery(`Could not find a property named '${name}' on the metadata type.`);
  }
  return name;
}

function expandPart(definition: MetadataDefinition, item: ExpandItem): readonly [string, unknown] {
  const [name = ''] = item.path.segments;
  if (item.top !== undefined || item.orderby) {
    throw invalidQuery(`The query parameter ${item.orderby ? '$orderby' : '$top'} is not supported`);
  }
  const part = definition[name];
  if (part === undefined && !('AttributeType' in definition)) {
    throw invalidQuery(`Could not find a property named '${name}' on the metadata type.`);
  }
  if (Array.isArray(part))
    return [name, shapeDefinitions(part as MetadataDefinition[], item, ['OptionSet', 'GlobalOptionSet'])];
  if (part === null || part === undefined) return [name, null];
  return [name, shapeDefinition(part as MetadataDefinition, item, [])];
}

/** Rejects functions. They are refused even where no definition needs them for its result. */
function checkFilter(filter: Filter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const term of filter.terms) checkFilter(term);
      break;
    case 'not':
      checkFilter(filter.term);
      break;
    case 'text':
      throw new DataverseError(
        400,
        '0x8006088a',
        `The "${filter.name}" function isn't supported for Metadata Entities.`,
      );
    default:
  }
}

/** Whether a definition matches a filter. Texts are compared exactly, as in Dataverse's metadata queries. */
function matchesFilter(filter: Filter, definition: MetadataDefinition): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => matchesFilter(term, definition));
    case 'or':
      return filter.terms.some((term) => matchesFilter(term, definition));
    case 'not':
      return !matchesFilter(filter.term, definition);
    case 'compare':
      return compareOperands(filter, definition);
    default:
      throw invalidQuery('This type of condition is not supported in metadata queries.');
  }
}

function compareOperands({ operator, left, right }: Comparison, definition: MetadataDefinition): boolean {
  const [a, b] = [readOperand(left, definition), readOperand(right, definition)] as [string, string];
  switch (operator) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
  }
}

function readOperand(operand: Operand, definition: MetadataDefinition): unknown {
  switch (operand.kind) {
    case 'path': {
      const [first = ''] = operand.segments;
      const found = operand.segments.reduce<unknown>(
        (value, name) => (value as MetadataDefinition | null | undefined)?.[name],
        definition,
      );
      if (found === undefined && !(first in definition)) {
        throw invalidQuery(`Could not find a property named '${first}' on the metadata type.`);
      }
      return found ?? null;
    }
    case 'null':
      return null;
    case 'number':
      return Number(operand.text);
    case 'enum':
      return operand.member;
    case 'string':
    case 'boolean':
      return operand.value;
    default:
      return operand.text;
  }
}
