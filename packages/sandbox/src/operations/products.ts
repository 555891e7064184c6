import { findRows } from '../logic/find-rows.ts';
import { productState } from '../logic/products.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { updateValues } from '../web-api/write/save-values.ts';
import { readRowParameter, requireBoundRow } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const activeStatus = 1;

/** Operations on products. */
export const productOperations: readonly WebApiOperation[] = [
  {
    name: 'PublishProductHierarchy',
    kind: 'action',
    boundTo: { kind: 'row', table: 'product' },
    parameters: {},
    run: (call) => publish(call, requireBoundRow(call)),
  },
  {
    name: 'PublishProductHierarchy',
    kind: 'action',
    parameters: { Target: 'required' },
    run: (call) => publish(call, readRowParameter(call, 'Target', 'product')),
  },
  {
    name: 'RevertProduct',
    kind: 'action',
    parameters: { Target: 'required' },
    run(call) {
      const product = readRowParameter(call, 'Target', 'product');
      if (product.values.statecode !== productState.underRevision) {
        const message = 'You can revert only a product that is in the Under Revision state.';
        throw new DataverseError(400, '0x80040203', message);
      }
      updateValues(call.context, product, { statecode: productState.active, statuscode: activeStatus });
      return noContentResponse(call.context);
    },
  },
];

/** Publishes a product and those below it: drafts and revised ones become active. */
function publish(call: OperationContext, product: StoredRow) {
  publishWithChildren(call, product, 0);
  return noContentResponse(call.context);
}

const maxLevels = 20;

function publishWithChildren(call: OperationContext, product: StoredRow, level: number): void {
  const { draft, underRevision, active } = productState;
  if (product.values.statecode === draft || product.values.statecode === underRevision) {
    updateValues(call.context, product, { statecode: active, statuscode: activeStatus });
  }
  const { systemStore } = call.context.org;
  const children = findRows(systemStore, 'product', `_parentproductid_value eq ${product.id}`);
  if (level === maxLevels) return;
  for (const child of children) publishWithChildren(call, child, level + 1);
}
