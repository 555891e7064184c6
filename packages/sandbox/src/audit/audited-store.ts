import type { Model, TableModel } from '../model/types.ts';
import { requireTable } from '../store/require-table.ts';
import { StoreDecorator } from '../store/store-decorator.ts';
import type { Actor, ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { type AuditDetail, type AuditEvent, auditActions, insertAudit } from './audit-log.ts';
import { auditedValues, changedValues } from './audited-values.ts';

/** Who writes, and the transaction of the request. */
export interface AuditContext {
  readonly actor: Actor;
  /** Creates the id of the transaction, with the first audited change. */
  readonly newId: () => string;
}

/** A store that records the changes of audited tables. It is used while the organization audits. */
export class AuditedStore extends StoreDecorator {
  readonly #context: AuditContext;
  #transactionId: string | undefined;

  constructor(store: OrganizationStore, context: AuditContext) {
    super(store);
    this.#context = context;
  }

  override insert(name: string, values: ColumnValues, actor: Actor): StoredRow {
    const table = requireTable(this.model, name);
    if (!table.audited) return this.inner.insert(name, values, actor);
    return this.inner.transaction(() => {
      const row = this.inner.insert(name, values, actor);
      this.record(row, 'create', { kind: 'attributes', old: {}, new: auditedValues(table, row.values) });
      return row;
    });
  }

  override update(change: Parameters<OrganizationStore['update']>[0]): StoredRow {
    const table = requireTable(this.model, change.table);
    if (!table.audited) return this.inner.update(change);
    return this.inner.transaction(() => {
      const before = this.inner.read(change.table, change.id);
      const row = this.inner.update(change);
      const changed = changedValues(table, before?.values ?? {}, row.values);
      const columns = Object.keys({ ...changed.old, ...changed.new });
      const isAssignment = columns.length > 0 && columns.every((column) => column === 'ownerid');
      if (columns.length > 0)
        this.record(row, isAssignment ? 'assign' : 'update', { kind: 'attributes', ...changed });
      return row;
    });
  }

  override delete(name: string, id: string, expected?: string): void {
    const table = requireTable(this.model, name);
    if (!table.audited) {
      this.inner.delete(name, id, expected);
      return;
    }
    this.inner.transaction(() => {
      const row = this.inner.read(name, id);
      // The log references the row, which must exist then.
      if (row)
        this.record(row, 'delete', { kind: 'attributes', old: auditedValues(table, row.values), new: {} });
      this.inner.delete(name, id, expected);
    });
  }

  override associate(pair: Parameters<OrganizationStore['associate']>[0]): void {
    this.inner.associate(pair);
    this.#recordPair(pair, 'associate');
  }

  override disassociate(pair: Parameters<OrganizationStore['disassociate']>[0]): void {
    this.inner.disassociate(pair);
    this.#recordPair(pair, 'disassociate');
  }

  /** Records the pair in the history of its audited rows. */
  #recordPair(
    { navigation, near, far }: Parameters<OrganizationStore['associate']>[0],
    event: 'associate' | 'disassociate',
  ): void {
    const table = requireTable(this.model, near.table);
    const relationship = relationshipName(this.model, table, navigation);
    for (const [row, target] of [
      [near, far],
      [far, near],
    ] as const) {
      const detail = { kind: 'relationship', relationship, targets: [target] } as const;
      this.record(row, pairEvent(row, target, event), detail);
    }
  }

  /** Records an event of a row, if its table is audited. */
  record(row: EntityReference, event: AuditEvent, detail: AuditDetail): void {
    if (!requireTable(this.model, row.table).audited) return;
    this.#transactionId ??= this.#context.newId();
    const { actor } = this.#context;
    insertAudit(this.inner, { row, event, detail, actor, transactionId: this.#transactionId });
  }
}

function relationshipName(model: Model, table: TableModel, name: string): string {
  const navigation = model.navigation(table, name);
  return navigation?.kind === 'manyToMany' ? navigation.relationship.name : name;
}

/** Roles have events of their own. */
function pairEvent(
  row: EntityReference,
  target: EntityReference,
  event: 'associate' | 'disassociate',
): AuditEvent {
  const isRole = target.table === 'role';
  const named = `${event}-${row.table}`;
  return isRole && Object.hasOwn(auditActions, named) ? (named as AuditEvent) : event;
}
