import { parseFilter, parseQueryString } from 'dynamics365-connector/odata';
import type { TableModel } from '../../../src/model/types.ts';
import type { ColumnValue, EntityReference, OrganizationStore } from '../../../src/store/types.ts';
import { actor, named } from './rows.ts';

/** The values that a filter requires, for example `sdkmessageid/name eq 'Create' and …`. */
export function filteredValues(
  store: OrganizationStore,
  table: TableModel,
  url: string,
): Readonly<Record<string, ColumnValue>> {
  const parsed = parseQueryString(new URL(url).search.slice(1));
  const text = parsed.ok ? parsed.value.options.get('$filter') : undefined;
  if (!parsed.ok || text === undefined) return {};
  const filter = parseFilter(text, parsed.value.aliases);
  if (!filter.ok) return {};
  const terms = filter.value.kind === 'and' ? filter.value.terms : [filter.value];
  return Object.fromEntries(
    terms.flatMap((term): readonly (readonly [string, ColumnValue])[] => {
      if (term.kind !== 'compare' || term.left.kind !== 'path' || term.right.kind !== 'string') return [];
      const [name = '', column] = term.left.segments;
      if (column === undefined) return [[name, term.right.value]];
      const navigation = store.model.navigation(table, name);
      if (navigation?.kind !== 'lookup') return [];
      const target = store.model.table(navigation.target);
      if (!target) return [];
      const values =
        target.primaryName === column ? named(target, term.right.value) : { [column]: term.right.value };
      const far = store.insert(target.logicalName, values, actor);
      return [[navigation.attribute.logicalName, { table: far.table, id: far.id }]];
    }),
  );
}

/** Sets the values that a row does not have yet. */
export function complete(
  store: OrganizationStore,
  { table, id }: EntityReference,
  values: Readonly<Record<string, ColumnValue>>,
): void {
  const known = store.read(table, id)?.values ?? {};
  const missing = Object.entries(values).filter(([name]) => (known[name] ?? null) === null);
  if (missing.length > 0) store.update({ table, id, values: Object.fromEntries(missing), actor });
}
