import { findRows } from './find-rows.ts';
import type { TableLogic } from './table-logic.ts';

const customApiType = 10_033;

/** With a managed solution, its custom APIs are deleted. */
export const solutionLogic: TableLogic = {
  beforeDelete({ id, values }, store) {
    if (values.ismanaged !== true) return;
    for (const component of findRows(store, 'solutioncomponent', `_solutionid_value eq ${id}`)) {
      const { componenttype: type, objectid } = component.values;
      const apiId = String(objectid);
      if (type === customApiType && store.read('customapi', apiId)) store.delete('customapi', apiId);
    }
  },
};
