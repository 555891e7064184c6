import { suggest } from '../errors/suggest.ts';
import type { JsonSchema } from '../model/json.ts';
import type { LookupTarget } from '../model/table.ts';
import { compileScalar } from './compile-scalar.ts';
import { objectOf, type Properties, type Property, pick } from './property.ts';
import { resolveColumn } from './references.ts';
import type { LookupYaml, PropertyYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

const words = ['title', 'description', 'default', 'examples'];

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
  if (yaml['x-lookup'] !== undefined) return compileLookup(yaml, yaml['x-lookup'], site, shop);
  if (yaml['x-choices'] !== undefined) return compileChoices(yaml, yaml['x-choices'], site);
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

function compileLookup(
  yaml: PropertyYaml,
  lookup: LookupYaml,
  site: Site,
  shop: Workshop,
): Property | undefined {
  const targets = Object.entries(lookup.targets).map(([name, target]) => {
    const facts = shop.facts.get(name);
    if (typeof target === 'object') {
      return { table: name, logicalName: facts?.logicalName ?? name, ...target };
    }
    if (facts !== undefined)
      return { table: name, logicalName: facts.logicalName, set: facts.set, navigation: target };
    if (shop.broken.has(name)) return undefined;
    site.at('x-lookup', 'targets', name).error('S104', `there is no schemas/tables/${name}.yaml`, {
      key: true,
      fix: `say its entity set too: ${name}: { navigation: ${target}, set: ... }`,
    });
    return undefined;
  });
  const known = targets.filter((target): target is LookupTarget => target !== undefined);
  return known.length === targets.length ? lookupProperty(pick(yaml, words), known) : undefined;
}

function lookupProperty(labels: JsonSchema, targets: readonly LookupTarget[]): Property {
  const names = targets.map((target) => target.table);
  const id = { title: 'Id', type: 'string', format: 'uuid' };
  const read = {
    type: ['string', 'null'],
    maxLength: 4000,
    description: 'Ignored: a lookup that was read fits here.',
  };
  return {
    type: { kind: 'lookup', targets },
    input: {
      ...labels,
      type: 'object',
      additionalProperties: false,
      required: names.length === 1 ? ['id'] : ['table', 'id'],
      properties: { table: { title: 'Table', type: 'string', enum: names }, id, name: read },
    },
    output: {
      ...labels,
      type: ['object', 'null'],
      required: ['table', 'id'],
      properties: { table: { type: ['string', 'null'] }, id, name: { type: ['string', 'null'] } },
    },
    properties: {
      known: new Map<string, Property>([
        ['id', { type: { kind: 'uuid' }, input: id, output: id }],
        ['table', { type: { kind: 'name', names }, input: { type: 'string' }, output: { type: 'string' } }],
      ]),
      present: new Set(names.length === 1 ? ['id'] : ['table', 'id']),
    },
  };
}

function compileChoices(
  yaml: PropertyYaml,
  choices: Readonly<Record<string, number>>,
  site: Site,
): Property | undefined {
  if (new Set(Object.values(choices)).size < Object.keys(choices).length) {
    site.at('x-choices').error('S106', 'two labels have the same number', { key: true });
    return undefined;
  }
  const labels = { type: 'string', enum: Object.keys(choices) };
  const unknown = {
    type: 'object',
    description: 'A value that the organisation added.',
    required: ['value'],
    properties: { value: { type: 'integer' }, label: { type: ['string', 'null'] } },
  };
  const given = { anyOf: [labels, { type: 'integer', description: 'Its number in Dataverse.' }] };
  const answered = { anyOf: [labels, unknown] };
  const about = pick(yaml, words);
  if (yaml.type === 'array') {
    return {
      type: { kind: 'choices', choices },
      input: { ...about, type: 'array', uniqueItems: true, items: given },
      output: { ...about, type: ['array', 'null'], items: answered },
    };
  }
  return {
    type: { kind: 'choice', choices },
    input: { ...about, ...given },
    output: { ...about, anyOf: [...answered.anyOf, { type: 'null' }] },
  };
}

function compileArray(yaml: PropertyYaml, site: Site, shop: Workshop): Property | undefined {
  if (yaml.items === undefined) {
    site.error('S107', 'a list must say what its items are', { fix: 'add items: { type: string }' });
    return undefined;
  }
  const items = compileProperty(yaml.items, site.at('items'), shop);
  if (items === undefined) return undefined;
  const about = pick(yaml, [...words, 'minItems', 'maxItems', 'uniqueItems']);
  const type = items.type.kind === 'name' ? { ...items.type, kind: 'names' as const } : undefined;
  return {
    type: type ?? { kind: 'array', items: items.type },
    input: { ...about, type: 'array', items: items.input },
    output: { ...pick(yaml, words), type: ['array', 'null'], items: items.output },
  };
}

function compileObject(yaml: PropertyYaml, site: Site, shop: Workshop): Property {
  const properties = compileProperties(yaml, site, shop);
  const schemas = (side: 'input' | 'output') =>
    new Map([...properties.known].map(([name, property]) => [name, property[side]]));
  const open = yaml.additionalProperties === true ? { additionalProperties: true } : {};
  const about = pick(yaml, words);
  return {
    type: { kind: 'object' },
    input: { ...about, ...objectOf(schemas('input'), yaml.required ?? []), ...open },
    output: { ...about, type: ['object', 'null'], properties: Object.fromEntries(schemas('output')) },
    properties,
  };
}
