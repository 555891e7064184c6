import { nullGuid } from '../../guid.ts';
import { columnEquals, stringLiteral } from '../../store/query/filter-nodes.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';

/** A write of a publisher or a solution. `current` is absent on create. */
interface SolutionWrite {
  readonly store: OrganizationStore;
  readonly values: ColumnValues;
  readonly current?: StoredRow;
}

/** A publisher has a unique name and a prefix of two to eight letters and digits. */
export function checkPublisher({ store, values, current }: SolutionWrite): void {
  if (!current) requireValues('publisher', values, ['uniquename', 'friendlyname', 'customizationprefix']);
  const { uniquename: name, customizationprefix: prefix } = values;
  if (prefix !== undefined && !/^(?!mscrm)[a-z][a-z0-9]{1,7}$/i.test(String(prefix))) {
    const message = `The customization prefix '${String(prefix)}' is not valid. It must have two to eight letters and digits, start with a letter and not start with 'mscrm'.`;
    throw new DataverseError(400, '0x80044366', message);
  }
  if (name === undefined || isOwnName(current, name)) return;
  if (!/^[a-z_]\w*$/i.test(String(name)) || findByUniqueName(store, 'publisher', String(name))) {
    const message = `The publisher unique name '${String(name)}' is not valid or is already used.`;
    throw new DataverseError(400, '0x8004f01c', message);
  }
}

/** A solution has a unique name, a version and a publisher. */
export function checkSolution({ store, values, current }: SolutionWrite): void {
  if (!current) requireValues('solution', values, ['uniquename', 'friendlyname', 'version', 'publisherid']);
  const { uniquename: name, version } = values;
  if (version !== undefined && !/^\d+(\.\d+){1,3}$/.test(String(version))) {
    const message = `The solution version '${String(version)}' is not valid. Use a number such as 1.0.0.0.`;
    throw new DataverseError(400, '0x8004f01e', message);
  }
  if (name === undefined || isOwnName(current, name)) return;
  if (!/^[a-z_]\w*$/i.test(String(name))) {
    const message = `The solution unique name '${String(name)}' is not valid. Only letters, digits and underscores are allowed.`;
    throw new DataverseError(400, '0x8004f002', message);
  }
  if (findByUniqueName(store, 'solution', String(name))) {
    const message = `The solution unique name '${String(name)}' is already being used and cannot be used again.`;
    throw new DataverseError(400, '0x8004f023', message);
  }
}

/** The publisher or solution with a unique name. */
export function findByUniqueName(
  store: OrganizationStore,
  table: 'publisher' | 'solution',
  name: string,
): StoredRow | undefined {
  const filter = columnEquals('uniquename', stringLiteral(name));
  return store.query(table, { filter, actor: { userId: nullGuid } }).rows[0];
}

const isOwnName = (current: StoredRow | undefined, name: unknown): boolean =>
  String(current?.values.uniquename).toLowerCase() === String(name).toLowerCase();

function requireValues(table: string, values: ColumnValues, columns: readonly string[]): void {
  const missing = columns.find((column) => (values[column] ?? null) === null);
  if (missing === undefined) return;
  throw new DataverseError(
    400,
    '0x80040203',
    `Required field '${missing}' is missing for the entity '${table}'.`,
  );
}
