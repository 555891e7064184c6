import type { EditableModel } from '../model/create-model.ts';
import type {
  AlternateKey,
  Attribute,
  AttributeTarget,
  GlobalChoice,
  ManyToManyRelationship,
  OneToManyRelationship,
  TableModel,
} from '../model/types.ts';
import { requireTable } from './require-table.ts';

/** The properties of a table that can be changed. */
export type TableProperties = Partial<
  Pick<
    TableModel,
    | 'displayName'
    | 'displayCollectionName'
    | 'description'
    | 'translations'
    | 'changeTracking'
    | 'audited'
    | 'hasNotes'
    | 'hasActivities'
    | 'enforceStateTransitions'
  >
>;

/** One change of the schema. Changes are recorded, so that a reopened file has them again. */
export type SchemaChange =
  | { readonly kind: 'table'; readonly table: TableModel }
  | { readonly kind: 'tableProperties'; readonly table: string; readonly properties: TableProperties }
  | { readonly kind: 'tableRemoved'; readonly table: string }
  /** A new column, or the new definition of an existing one. */
  | { readonly kind: 'column'; readonly table: string; readonly attribute: Attribute }
  | { readonly kind: 'columnRemoved'; readonly table: string; readonly column: string }
  | {
      readonly kind: 'target';
      readonly table: string;
      readonly column: string;
      readonly target: AttributeTarget;
    }
  | ({ readonly kind: 'key'; readonly table: string; readonly name: string } & Omit<
      AlternateKey,
      'logicalName'
    >)
  | { readonly kind: 'keyRemoved'; readonly table: string; readonly name: string }
  | { readonly kind: 'oneToMany'; readonly relationship: OneToManyRelationship }
  | { readonly kind: 'manyToMany'; readonly relationship: ManyToManyRelationship }
  | { readonly kind: 'relationshipRemoved'; readonly name: string }
  /** A new global choice, or the new definition of an existing one. */
  | { readonly kind: 'choice'; readonly choice: GlobalChoice }
  | { readonly kind: 'choiceRemoved'; readonly name: string };

/** Applies a change to the model. */
export function applySchemaChange(model: EditableModel, change: SchemaChange): void {
  switch (change.kind) {
    case 'oneToMany':
      model.putOneToMany(change.relationship);
      return;
    case 'manyToMany':
      model.putManyToMany(change.relationship);
      return;
    case 'relationshipRemoved':
      model.removeRelationship(change.name);
      return;
    case 'choice':
      model.putGlobalChoice(change.choice);
      return;
    case 'choiceRemoved':
      model.removeGlobalChoice(change.name);
      return;
    case 'table':
      model.putTable(change.table);
      return;
    case 'tableRemoved':
      model.removeTable(change.table);
      return;
    default:
      applyTableChange(model, requireTable(model, change.table), change);
  }
}

type TableChange = Exclude<
  Extract<SchemaChange, { readonly table: string }>,
  { readonly kind: 'tableRemoved' }
>;

function applyTableChange(model: EditableModel, table: TableModel, change: TableChange): void {
  switch (change.kind) {
    case 'tableProperties':
      model.putTable({ ...table, ...change.properties });
      return;
    case 'column':
      model.putAttribute(table, change.attribute);
      return;
    case 'columnRemoved':
      model.removeAttribute(table, change.column);
      return;
    case 'target':
      model.addTarget(table, change.column, change.target);
      return;
    case 'key': {
      const { name: logicalName, schemaName, displayName, columns, failed } = change;
      model.putKey(table, { logicalName, schemaName, displayName, columns, failed });
      return;
    }
    case 'keyRemoved':
      model.removeKey(table, change.name);
      return;
  }
}
