import type { LookupTarget } from '../model/table.ts';
import { complete } from './complete.ts';
import { asAccepted, asAnswered, type Property } from './property.ts';
import { findFacts } from './references.ts';
import type { PropertyYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

/** People on an activity: each a row, `{ table, id }`, or an address that belongs to no row, `{ address }`. */
export function compileParties(yaml: PropertyYaml, site: Site, shop: Workshop): Property | undefined {
  const { tables } = yaml['x-parties']!;
  const targets = complete(
    tables.map((table, index): LookupTarget | undefined => {
      const facts = findFacts(table, site.at('x-parties', 'tables', index), shop);
      if (facts === undefined) return undefined;
      const { logicalName, set } = facts;
      return { table, logicalName, set, navigation: `partyid_${logicalName}` };
    }),
  );
  if (targets === undefined) return undefined;
  const list = { type: 'array', items: partyOf(tables) };
  return {
    type: { kind: 'parties', targets },
    input: { ...asAccepted(yaml), ...list },
    output: { ...asAnswered(yaml), ...list },
  };
}

function partyOf(tables: readonly string[]) {
  return {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    examples: [{ address: 'ann@example.com' }],
    dependencies: { table: ['id'], id: ['table'] },
    properties: {
      table: { title: 'Table', type: 'string', enum: tables },
      id: { title: 'Id', type: 'string', format: 'uuid' },
      name: { type: ['string', 'null'], maxLength: 4000, description: 'Ignored.' },
      address: {
        title: 'Address',
        description: 'Of someone who is no row; the organisation must allow such recipients.',
        type: 'string',
        format: 'email',
        maxLength: 200,
      },
    },
  };
}
