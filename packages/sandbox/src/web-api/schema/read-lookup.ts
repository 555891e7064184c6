import { isJsonObject } from 'dynamics365-connector/base';
import type { Attribute, DeleteBehavior, Model, OneToManyRelationship } from '../../model/types.ts';
import { requireTable } from '../../store/require-table.ts';
import { invalidArgument } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { readLabel, readManagedValue } from './labels.ts';
import { readSchemaNames } from './schema-names.ts';

/** A lookup with its relationships, one for each table that it can reference. */
export interface NewLookup {
  readonly table: string;
  readonly attribute: Attribute;
  readonly relationships: readonly OneToManyRelationship[];
}

/** Reads a lookup and the definitions of its relationships. Several relationships make it polymorphic. */
export function readLookup(
  model: Model,
  lookup: unknown,
  relationships: readonly JsonBody[],
  type: 'Lookup' | 'Customer' = 'Lookup',
): NewLookup {
  if (!isJsonObject(lookup)) throw invalidArgument("The property 'Lookup' must be an object.");
  const { schemaName, logicalName } = readSchemaNames(lookup, 'Attribute');
  const [first] = relationships;
  const table = requireTable(model, readName(first ?? {}, 'ReferencingEntity')).logicalName;
  const targets = relationships.map((body) => {
    const referenced = requireTable(model, readName(body, 'ReferencedEntity')).logicalName;
    const suffix = relationships.length > 1 ? `${schemaName}_${referenced}` : schemaName;
    return {
      table: referenced,
      navigation: readNavigation(body.ReferencingEntityNavigationPropertyName) ?? suffix,
    };
  });
  const level = readManagedValue(lookup.RequiredLevel);
  return {
    table,
    attribute: {
      logicalName,
      schemaName,
      displayName: readLabel(lookup.DisplayName) ?? schemaName,
      description: readLabel(lookup.Description),
      type,
      required: level === 'ApplicationRequired' || level === 'Recommended' ? level : 'None',
      validForCreate: true,
      validForUpdate: true,
      targets,
    },
    relationships: relationships.map((body, index) => {
      const { schemaName: name } = readSchemaNames(body, 'EntityRelationship');
      return {
        name,
        referenced: targets[index]?.table ?? '',
        collection: readNavigation(body.ReferencedEntityNavigationPropertyName) ?? name,
        referencing: table,
        attribute: logicalName,
        onDelete: readDeleteBehavior(body),
      };
    }),
  };
}

const deleteBehaviors: Readonly<Record<string, DeleteBehavior>> = {
  Cascade: 'cascade',
  Restrict: 'restrict',
  NoCascade: 'noCascade',
};

/** What deleting the referenced row does, from `CascadeConfiguration`. Default: its lookups are cleared. */
export function readDeleteBehavior({ CascadeConfiguration: cascade }: JsonBody): DeleteBehavior | undefined {
  return isJsonObject(cascade) ? deleteBehaviors[String(cascade.Delete)] : undefined;
}

/** A navigation property name; undefined when it is left out. */
export const readNavigation = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || value === '') return undefined;
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) return value;
  throw invalidArgument(`'${value.slice(0, 100)}' is not a valid navigation property name.`);
};

/** The logical name of a table in a definition. */
export function readName(body: JsonBody, property: string): string {
  const value = body[property];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidArgument(`The required property '${property}' is missing.`);
}
