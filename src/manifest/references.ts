import { suggest } from '../errors/suggest.ts';
import type { Property } from './property.ts';
import type { PropertyYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { CompiledTable, TableFacts, Workshop } from './workshop.ts';

const form = /^\.\.\/schemas\/tables\/([^#]+)\.yaml(?:#\/properties\/(.+))?$/;

/** The column that `../schemas/tables/case.yaml#/properties/state` names; undefined after a fault. */
export function resolveColumn(ref: string, site: Site, shop: Workshop): Property | undefined {
  const [, name = '', column] = form.exec(ref) ?? [];
  const table = findTable(name, site, shop);
  if (table === undefined) return undefined;
  if (column === undefined) {
    const fix = `name one of its columns: ${ref}#/properties/title`;
    site.error('S101', 'a whole table is an output, not an input', { fix });
    return undefined;
  }
  const property = table.properties.get(column);
  if (property === undefined) {
    const [nearest] = suggest(column, table.properties.keys(), 1);
    site.error('S101', `the table ${name} has no property "${column}"`, {
      fix: nearest && `did you mean "${nearest}"?`,
    });
  }
  return property;
}

/** The table that a schema refers to as a whole: `{ $ref: ../schemas/tables/case.yaml }`. */
export function wholeTable({ $ref }: PropertyYaml, site: Site, shop: Workshop): CompiledTable | undefined {
  const [, name = ''] = form.exec($ref ?? '') ?? [];
  return findTable(name, site.at('$ref'), shop);
}

/** Does the schema refer to a whole table? */
export function isWholeTable({ $ref }: PropertyYaml): boolean {
  return $ref !== undefined && !$ref.includes('#');
}

/** A table by our name; a name that nobody knows is a fault, a table that has faults of its own is not. */
export function findTable(name: string, site: Site, shop: Workshop): CompiledTable | undefined {
  const table = shop.tables.get(name);
  if (table === undefined && !shop.broken.has(name)) noTable(name, site, shop.tables.keys());
  return table;
}

/** What is known of a table before it is compiled; a name that nobody knows is a fault. */
export function findFacts(name: string, site: Site, shop: Workshop): TableFacts | undefined {
  const facts = shop.facts.get(name);
  if (facts === undefined && !shop.broken.has(name)) noTable(name, site, shop.facts.keys());
  return facts;
}

function noTable(name: string, site: Site, known: Iterable<string>): void {
  const [nearest] = suggest(name, known, 1);
  const fix = nearest ? `did you mean "${nearest}"?` : `add schemas/tables/${name}.yaml`;
  site.error('S102', `there is no table "${name}"`, { fix });
}
