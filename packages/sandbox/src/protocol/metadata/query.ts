import type { Comparison, ExpandItem, Filter, Operand, Path } from 'dynamics365-connector/odata';
import { badQuery } from '../refusal.ts';
import type { Definition } from './identity.ts';

/** What to show of definitions. */
export interface MetadataQuery {
  readonly select?: readonly Path[];
  readonly filter?: Filter;
  readonly expand?: readonly ExpandItem[];
}

/** Filters and shapes definitions; `parts` are shown only when expanded. `MetadataId` is always there. */
export function shapeDefinitions(
  definitions: readonly Definition[],
  query: MetadataQuery,
  parts: readonly string[],
): readonly Definition[] {
  const { filter } = query;
  const kept = filter ? definitions.filter((definition) => holds(filter, definition)) : definitions;
  return kept.map((definition) => shapeDefinition(definition, query, parts));
}

/** One definition with the properties that were selected and the parts that were expanded. */
export function shapeDefinition(
  definition: Definition,
  query: MetadataQuery,
  parts: readonly string[],
): Definition {
  const expanded = (query.expand ?? []).map((item) => expandPart(definition, item));
  const names = query.select
    ? [...query.select.map((path) => selected(definition, path)), 'MetadataId']
    : Object.keys(definition).filter((name) => !parts.includes(name));
  const type = '@odata.type' in definition ? { '@odata.type': definition['@odata.type'] } : {};
  const own = names.flatMap((name) => (name in definition ? [[name, definition[name]] as const] : []));
  return { ...type, ...Object.fromEntries(own), ...Object.fromEntries(expanded) };
}

function selected(definition: Definition, path: Path): string {
  const name = path.segments[0]!;
  // Columns of a list differ in kind; what only some of them have is left out for the others.
  if (!(name in definition) && !('AttributeType' in definition)) {
    throw badQuery(`Could not find a property named '${name}' on the metadata type.`);
  }
  return name;
}

function expandPart(definition: Definition, item: ExpandItem): readonly [string, unknown] {
  const name = item.path.segments[0]!;
  const part = definition[name];
  if (part === undefined && !('AttributeType' in definition)) {
    throw badQuery(`Could not find a property named '${name}' on the metadata type.`);
  }
  if (Array.isArray(part))
    return [name, shapeDefinitions(part as Definition[], item, ['OptionSet', 'GlobalOptionSet'])];
  if (part === null || part === undefined) return [name, null];
  return [name, shapeDefinition(part as Definition, item, [])];
}

/** Whether a condition holds for a definition; texts are compared exactly, as metadata queries do. */
function holds(filter: Filter, definition: Definition): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => holds(term, definition));
    case 'or':
      return filter.terms.some((term) => holds(term, definition));
    case 'not':
      return !holds(filter.term, definition);
    case 'compare':
      return compares(filter, definition);
    case 'text': {
      const found = String(readOperand(filter.path, definition) ?? '');
      if (filter.name === 'contains') return found.includes(filter.value.value);
      return filter.name === 'startswith'
        ? found.startsWith(filter.value.value)
        : found.endsWith(filter.value.value);
    }
    default:
      throw badQuery('This kind of condition is not supported for metadata.');
  }
}

function compares({ operator, left, right }: Comparison, definition: Definition): boolean {
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

function readOperand(operand: Operand, definition: Definition): unknown {
  switch (operand.kind) {
    case 'path': {
      const steps = operand.segments;
      const found = steps.reduce<unknown>(
        (value, name) => (value as Definition | null | undefined)?.[name],
        definition,
      );
      if (found === undefined && !(steps[0]! in definition)) {
        throw badQuery(`Could not find a property named '${steps[0]}' on the metadata type.`);
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
