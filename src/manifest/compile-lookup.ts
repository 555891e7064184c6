import type { LookupTarget } from '../model/table.ts';
import { complete } from './complete.ts';
import { asAccepted, asAnswered, type Properties, type Property } from './property.ts';
import type { LookupYaml, PropertyYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { TableFacts, Workshop } from './workshop.ts';

const id = { title: 'Id', type: 'string', format: 'uuid' };
const name = {
  type: ['string', 'null'],
  maxLength: 4000,
  description: 'Ignored, so that a lookup that was read can be passed on as it is.',
};

/** A reference to a row: `{ table, id }` in, `{ table, id, name }` out. */
export function compileLookup(yaml: PropertyYaml, site: Site, shop: Workshop): Property | undefined {
  const targets = compileTargets(yaml['x-lookup']!, site.at('x-lookup', 'targets'), shop);
  if (targets === undefined) return undefined;
  const names = targets.map((target) => target.table);
  const required = names.length === 1 ? ['id'] : ['table', 'id'];
  const table = { title: 'Table', type: 'string', enum: names };
  return {
    type: { kind: 'lookup', targets },
    input: {
      ...asAccepted(yaml),
      type: 'object',
      additionalProperties: false,
      required,
      properties: { table, id, name },
    },
    output: {
      ...asAnswered(yaml),
      type: ['object', 'null'],
      required: ['table', 'id'],
      properties: { table: { type: ['string', 'null'] }, id, name: { type: ['string', 'null'] } },
    },
    properties: partsOf(names, required),
  };
}

/** What a hole may name below a lookup: `{{input.owner.id}}`. */
function partsOf(names: readonly string[], required: readonly string[]): Properties {
  const known = new Map<string, Property>([
    ['id', { type: { kind: 'uuid' }, input: {}, output: {} }],
    ['table', { type: { kind: 'name', names }, input: {}, output: {} }],
  ]);
  return { known, present: new Set(required) };
}

/** Users and teams are principals, whose key has a name of its own. */
function keyOf({ logicalName, key }: TableFacts): string {
  return logicalName === 'systemuser' || logicalName === 'team' ? 'ownerid' : key;
}

function compileTargets(
  { targets }: LookupYaml,
  site: Site,
  shop: Workshop,
): readonly LookupTarget[] | undefined {
  return complete(
    Object.entries(targets).map(([table, target]) => {
      const facts = shop.facts.get(table);
      if (typeof target === 'object') return { table, logicalName: facts?.logicalName ?? table, ...target };
      if (facts !== undefined)
        return {
          table,
          logicalName: facts.logicalName,
          set: facts.set,
          navigation: target,
          key: keyOf(facts),
        };
      if (!shop.broken.has(table)) {
        const fix = `say its entity set too: ${table}: { navigation: ${target}, set: ... }`;
        site.at(table).error('S104', `there is no schemas/tables/${table}.yaml`, { key: true, fix });
      }
      return undefined;
    }),
  );
}
