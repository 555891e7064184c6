import { DataverseError } from '../store/errors.ts';
import type { TableLogic } from './table-logic.ts';

/** States of a product. */
export const productState = { active: 0, retired: 1, draft: 2, underRevision: 3 } as const;

const { active, retired, draft, underRevision } = productState;

/** The changes of state that are refused: code and message by `from>to`. */
const refused: Readonly<Record<string, readonly [code: string, message: string]>> = {
  [`${draft}>${retired}`]: ['0x8004f978', "You can't retire a product that is in the Draft state."],
  [`${retired}>${draft}`]: ['0x8004f979', "You can't change the state of a retired product to Draft."],
  [`${retired}>${underRevision}`]: ['0x8004f979', "You can't revise a retired product."],
  [`${retired}>${retired}`]: ['0x8004f980', 'This product is already retired.'],
  [`${active}>${draft}`]: ['0x80040203', "You can't change the state of an active product to Draft."],
};

/**
 * The life cycle of a product: it is published from Draft to Active, revised, and retired.
 * https://learn.microsoft.com/dynamics365/sales/developer/publish-revise-revert-retire-activate-products
 */
export const productLogic: TableLogic = {
  before({ values, current }) {
    if (!current || values.statecode === undefined) return values;
    const [code, message] = refused[`${current.values.statecode}>${values.statecode}`] ?? [];
    if (code !== undefined) throw new DataverseError(400, code, message ?? '');
    return values;
  },
};
