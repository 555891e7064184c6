import { suggest } from '../errors/suggest.ts';
import { compileChoices } from './compile-choices.ts';
import { compileLookup } from './compile-lookup.ts';
import { compileParties } from './compile-parties.ts';
import { compileScalar } from './compile-scalar.ts';
import { asAccepted, asAnswered, objectOf, type Properties, type Property, pick } from './property.ts';
import { resolveColumn } from './references.ts';
import type { PropertyYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

/** Compiles one property of an input, output or table; undefined after a fault. */
export function compileProperty(yaml: PropertyYaml, site: Site, shop: Workshop): Property | undefined {
  if (yaml.$ref !== undefined) return resolveColumn(yaml.$ref, site.at('$ref'), shop);
  const property = compileKind(yaml, site, shop);
  if (property === undefined || yaml.default === undefined) return property;
  const issues = shop.validator.issues(property.input, yaml.default);
  for (const { message } of issues) site.at('default').error('S114', `the default ${message}`);
  return issues.length === 0 ? property : undefined;
}

function compileKind(yaml: PropertyYaml, site: Site, shop: Workshop): Property | undefined {
  if (yaml['x-lookup'] !== undefined) return compileLookup(yaml, site, shop);
  if (yaml['x-parties'] !== undefined) return compileParties(yaml, site, shop);
  if (yaml['x-choices'] !== undefined) return compileChoices(yaml, site);
  if (yaml.type === 'array') return compileArray(yaml, site, shop);
  if (yaml.type === 'object') return compileObject(yaml, site, shop);
  return compileScalar(yaml, site);
}

/** Compiles a map of properties; those at fault are left out. */
export function compileProperties(
  { properties = {}, required = [] }: Pick<PropertyYaml, 'properties' | 'required'>,
  site: Site,
  shop: Workshop,
): Properties {
  const known = new Map<string, Property>();
  const present = new Set(required);
  const broken = new Set<string>();
  for (const [name, yaml] of Object.entries(properties)) {
    const property = compileProperty(yaml, site.at('properties', name), shop);
    if (property === undefined) broken.add(name);
    else known.set(name, property);
    if (yaml.default !== undefined) present.add(name);
  }
  checkRequired(required, Object.keys(properties), site);
  return { known, present, broken };
}

/** Every name in `required` must be a property; says whether it is so. */
export function checkRequired(required: readonly string[], known: readonly string[], site: Site): boolean {
  const unknown = required.filter((name) => !known.includes(name));
  for (const name of unknown) {
    const [nearest] = suggest(name, known, 1);
    const fix = nearest && `did you mean "${nearest}"?`;
    const at = site.at('required', required.indexOf(name));
    at.error('S105', `"${name}" is required but is not a property`, { fix });
  }
  return unknown.length === 0;
}

function compileArray(yaml: PropertyYaml, site: Site, shop: Workshop): Property | undefined {
  if (yaml.items === undefined) {
    site.error('S107', 'a list must say what its items are', { fix: 'add items: { type: string }' });
    return undefined;
  }
  const items = compileProperty(yaml.items, site.at('items'), shop);
  if (items === undefined) return undefined;
  const rules = pick(yaml, ['minItems', 'maxItems', 'uniqueItems']);
  const type =
    items.type.kind === 'name'
      ? { ...items.type, kind: 'names' as const, ...(yaml['x-join'] && { join: yaml['x-join'] }) }
      : undefined;
  return {
    type: type ?? { kind: 'array', items: items.type },
    input: { ...asAccepted(yaml), ...rules, type: 'array', items: items.input },
    output: { ...asAnswered(yaml), type: ['array', 'null'], items: items.output },
  };
}

function compileObject(yaml: PropertyYaml, site: Site, shop: Workshop): Property {
  const properties = compileProperties(yaml, site, shop);
  const schemas = (side: 'input' | 'output') =>
    new Map([...properties.known].map(([name, property]) => [name, property[side]]));
  const open = yaml.additionalProperties === true ? { additionalProperties: true } : {};
  return {
    type: { kind: 'object' },
    input: { ...asAccepted(yaml), ...objectOf(schemas('input'), yaml.required ?? []), ...open },
    output: {
      ...asAnswered(yaml),
      type: ['object', 'null'],
      properties: Object.fromEntries(schemas('output')),
    },
    properties,
  };
}
