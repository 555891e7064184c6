import { DataverseError } from './errors.ts';

/** What a schema name identifies, as error messages name it. */
export type SchemaComponent = 'Entity' | 'Attribute' | 'OptionSet' | 'EntityKey' | 'EntityRelationship';

/** 400: a table, choice or relationship of this name exists. */
export const schemaNameTaken = (component: SchemaComponent, name: string): DataverseError =>
  component === 'Attribute'
    ? new DataverseError(400, '0x80047013', `An attribute with the specified name ${name} already exists`)
    : new DataverseError(
        400,
        component === 'EntityRelationship' ? '0x8004432b' : '0x80044363',
        `The schema name ${name} for type ${component} is not unique. An ${component.toLowerCase()} with same name already exists.`,
      );

/** 400: a navigation property of this name exists on the table. */
export const navigationNameTaken = (name: string): DataverseError =>
  new DataverseError(400, '0x80072551', `NavigationPropertyName ${name} is not unique within an entity`);

/** 400: a custom name must start with the prefix of a publisher: `new_Parcel`. */
export const missingPrefix = (component: SchemaComponent, name: string): DataverseError =>
  new DataverseError(
    400,
    '0x80044366',
    `The ${component} name '${name}' is invalid or missing and must start with a valid customization prefix. The prefix for a solution component should match the prefix that is specified for the publisher of the solution.`,
  );

/** 400: a schema name has characters that are not allowed. */
export const invalidSchemaName = (name: string, reason: string): DataverseError =>
  new DataverseError(400, '0x8004700b', `The schema name '${name.slice(0, 100)}' is not valid. ${reason}`);

/** 400: another component needs the one that is deleted. */
export const componentInUse = (component: SchemaComponent, name: string, count: number): DataverseError =>
  new DataverseError(
    400,
    component === 'OptionSet' ? '0x80048417' : '0x8004f01f',
    `The ${component}(${name}) component cannot be deleted because it is referenced by ${count} other components. For a list of referenced components, use the RetrieveDependenciesForDeleteRequest.`,
  );

/** 400: standard tables, columns and relationships cannot be deleted. */
export const notCustom = (component: SchemaComponent, name: string): DataverseError =>
  new DataverseError(400, '0x80047009', `The ${component} '${name}' is not custom and cannot be deleted.`);

/** 404: a table has no column, key or relationship of this name. */
export const componentNotFound = (component: SchemaComponent, name: string): DataverseError =>
  new DataverseError(
    404,
    '0x80060888',
    `Could not find the ${component} with the name '${name.slice(0, 100)}'.`,
  );
