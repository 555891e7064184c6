import { type ExpandItem, maxExpands } from 'dynamics365-connector/odata';
import { invalidQuery } from './errors.ts';
import type { RowShape } from './row-shape.ts';

/**
 * Rejects combinations that Dataverse does not expand.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 */
export function checkExpands(shape: RowShape, items: readonly ExpandItem[]): void {
  if (countExpands(shape) > maxExpands) {
    throw invalidQuery(`The number of $expand options exceeds the maximum of ${maxExpands}.`);
  }
  checkOptions(shape, items, hasNested(shape));
  checkManyToMany(shape, { nested: false });
}

/** Whether expanded collections are paged: only in a query with nested expands. */
export function hasPagedCollections(shape: RowShape): boolean {
  return hasNested(shape) && hasCollection(shape);
}

function countExpands({ expands }: RowShape): number {
  return expands.reduce((sum, { shape }) => sum + 1 + countExpands(shape), 0);
}

function hasNested({ expands }: RowShape): boolean {
  return expands.some(({ shape }) => shape.expands.length > 0);
}

function hasCollection({ expands }: RowShape): boolean {
  return expands.some(({ navigation, shape }) => navigation.kind !== 'lookup' || hasCollection(shape));
}

function checkOptions({ expands }: RowShape, items: readonly ExpandItem[], nested: boolean): void {
  for (const [index, { top, orderby, expand = [] }] of items.entries()) {
    const expanded = expands[index];
    if (!expanded) continue;
    const { navigation, shape } = expanded;
    const limited = top !== undefined || orderby !== undefined;
    if (limited && (nested || navigation.kind === 'lookup')) {
      const rule = 'while doing $expand on many-to-one relationship or nested one-to-many relationship.';
      throw invalidQuery(`Only $select and $filter clause can be provided ${rule}`);
    }
    checkOptions(shape, expand, nested);
  }
}

/** Many-to-many relationships can only be expanded next to each other, without nested expands. */
function checkManyToMany({ expands }: RowShape, { nested }: { readonly nested: boolean }): void {
  const manyToMany = expands.filter(({ navigation }) => navigation.kind === 'manyToMany');
  const mixed = manyToMany.length > 0 && manyToMany.length < expands.length;
  const hasNestedExpand = manyToMany.some(({ shape }) => shape.expands.length > 0);
  if (mixed || (nested && manyToMany.length > 0) || hasNestedExpand) {
    throw invalidQuery('Expand of a many-to-many relationship cannot be nested or combined with others.');
  }
  for (const { shape } of expands) checkManyToMany(shape, { nested: true });
}
