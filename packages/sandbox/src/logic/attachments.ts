import { toReference } from '../store/entity-reference.ts';
import type { Actor, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { findRows } from './find-rows.ts';
import type { TableLogic } from './table-logic.ts';

/** Files of activities: their size and number, and the number of files of an e-mail. */
export const attachmentLogic: TableLogic = {
  before({ store, values, current }) {
    const { body, objectid, attachmentnumber } = values;
    const sized =
      typeof body === 'string' ? { ...values, filesize: Buffer.byteLength(body, 'base64') } : values;
    if (current) return sized;
    const number = attachmentnumber ?? countFiles(store, toReference(objectid)) + 1;
    return { ...sized, attachmentnumber: number };
  },
  after({ store, actor }, row) {
    updateCount(store, actor, row);
  },
  afterDelete(row, { store, actor }) {
    updateCount(store, actor, row);
  },
};

function countFiles(store: OrganizationStore, activity: EntityReference | undefined): number {
  if (!activity) return 0;
  return findRows(store, 'activitymimeattachment', `_objectid_value eq ${activity.id}`).length;
}

function updateCount(store: OrganizationStore, actor: Actor, { values }: StoredRow): void {
  const activity = toReference(values.objectid);
  const email = activity?.table === 'email' ? store.read('email', activity.id) : undefined;
  if (!email) return;
  store.update({
    table: 'email',
    id: email.id,
    values: { attachmentcount: countFiles(store, activity) },
    actor,
  });
}
