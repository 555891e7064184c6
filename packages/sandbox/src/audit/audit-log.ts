import type { Actor, ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';

/** What changed: columns of a row, its relationships, or with whom it is shared. */
export type AuditDetail =
  | { readonly kind: 'attributes'; readonly old: ColumnValues; readonly new: ColumnValues }
  | {
      readonly kind: 'relationship';
      readonly relationship: string;
      readonly targets: readonly EntityReference[];
    }
  | {
      readonly kind: 'share';
      readonly principal: EntityReference;
      readonly oldRights: string;
      readonly newRights: string;
    };

/** `action` and `operation` of each event. https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/audit */
export const auditActions = {
  create: [1, 1],
  update: [2, 2],
  delete: [3, 3],
  assign: [13, 2],
  share: [14, 2],
  associate: [33, 2],
  disassociate: [34, 2],
  'modify-share': [48, 2],
  unshare: [49, 2],
  'associate-team': [53, 2],
  'disassociate-team': [54, 2],
  'associate-systemuser': [55, 2],
  'disassociate-systemuser': [56, 2],
} as const;

export type AuditEvent = keyof typeof auditActions;

/** The kind of blobs with details. Key: id of the audit row. */
const detailKind = 'audit';

/** Inserts a row of the log, with its details. */
export function insertAudit(
  store: OrganizationStore,
  entry: {
    readonly row: EntityReference;
    readonly event: AuditEvent;
    readonly detail: AuditDetail;
    readonly actor: Actor;
    readonly transactionId: string;
  },
): void {
  const { row, event, detail, actor, transactionId } = entry;
  const [action, operation] = auditActions[event];
  const user = (id: string): EntityReference => ({ table: 'systemuser', id });
  const values = {
    ...{ action, operation, transactionid: transactionId, objecttypecode: row.table },
    objectid: { table: row.table, id: row.id },
    userid: user(actor.userId),
    callinguserid: actor.delegateId === undefined ? null : user(actor.delegateId),
  };
  const { id } = store.insert('audit', values, actor);
  store.blobs.put(detailKind, id, { text: JSON.stringify(detail) });
}

/** The details of a row of the log. */
export function readAuditDetail(store: OrganizationStore, { id }: StoredRow): AuditDetail {
  const text = store.blobs.get(detailKind, id)?.text;
  return text === undefined ? { kind: 'attributes', old: {}, new: {} } : (JSON.parse(text) as AuditDetail);
}

/** Removes the details of a row of the log. */
export function removeAuditDetail(store: OrganizationStore, { id }: StoredRow): void {
  store.blobs.remove(detailKind, id);
}

/** Whether the organization audits. */
export function isAuditEnabled(store: OrganizationStore, organizationId: string): boolean {
  return store.read('organization', organizationId)?.values.isauditenabled === true;
}
