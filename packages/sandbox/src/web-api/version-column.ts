import type { Filter, Operand, PropertyPath } from 'dynamics365-connector/odata';
import type { Assumptions } from '../assumptions.ts';
import { invalidQuery } from './errors.ts';
import type { ODataQuery } from './query-options.ts';

const versionColumn = 'versionnumber';

/** Refuses `versionnumber` in `$filter` and `$orderby` if the organization is assumed to refuse it there. */
export function checkVersionColumn(
  { filter, orderBy }: Pick<ODataQuery, 'filter' | 'orderBy'>,
  { versionFilter, versionOrder }: Assumptions,
): void {
  if (versionFilter === 'refused' && filter !== undefined && filtersVersion(filter))
    throw invalidQuery(`The property '${versionColumn}' cannot be used in the $filter query option.`);
  if (versionOrder === 'refused' && orderBy?.some(({ path }) => isVersion(path)))
    throw invalidQuery(`The property '${versionColumn}' cannot be used in the $orderby query option.`);
}

function filtersVersion(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.some(filtersVersion);
    case 'not':
      return filtersVersion(filter.term);
    case 'lambda':
      return filter.body !== undefined && filtersVersion(filter.body);
    case 'compare':
      return isVersion(filter.left) || isVersion(filter.right);
    default:
      return isVersion(filter.path);
  }
}

function isVersion(operand: Operand | PropertyPath): boolean {
  return operand.kind === 'path' && operand.segments.at(-1) === versionColumn;
}
