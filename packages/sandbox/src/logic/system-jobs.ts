import { DataverseError } from '../store/errors.ts';
import type { TableLogic } from './table-logic.ts';

/**
 * The states of system jobs: a waiting or ready job can be postponed, resumed and canceled; one that has ended does not
 * change.
 * https://learn.microsoft.com/power-apps/developer/data-platform/asynchronous-service
 */
export const systemJobLogic: TableLogic = {
  before({ values, current, nowMs }) {
    if (!current || (values.statecode === undefined && values.statuscode === undefined)) return values;
    const [from, to] = [Number(current.values.statecode), Number(values.statecode)];
    if (from === 3)
      throw new DataverseError(400, '0x80044162', 'The state of a completed system job cannot be changed.');
    if (to === 2) throw new DataverseError(400, '0x80044163', 'A system job cannot be locked by a request.');
    if (to !== 3) return values;
    if (values.statuscode !== 32)
      throw new DataverseError(
        400,
        '0x80044165',
        'A request can complete a system job only by canceling it.',
      );
    // A job in progress ends before it is canceled.
    if (from === 2) return { ...values, statecode: 2, statuscode: 22 };
    return { ...values, completedon: new Date(nowMs).toISOString() };
  },
  beforeDelete({ values }) {
    if (values.statecode === 3) return;
    throw new DataverseError(400, '0x8004416a', 'Only completed system jobs can be deleted.');
  },
};
