import { columnShareRelationship } from '../model/security-tables.ts';
import type { Model, OneToManyRelationship, TableModel } from '../model/types.ts';

/** A relationship through a standard lookup, and the navigation property of the lookup. */
export interface TableLink {
  readonly relationship: OneToManyRelationship;
  readonly navigation: string;
}

/** The relationship that gives the rows of a table notes. */
export function noteLinks({ logicalName, schemaName }: TableModel): readonly TableLink[] {
  const name = `${logicalName}_Annotations`;
  return [
    {
      relationship: {
        name,
        referenced: logicalName,
        collection: name,
        referencing: 'annotation',
        attribute: 'objectid',
        onDelete: 'cascade',
      },
      navigation: `objectid_${schemaName.toLowerCase()}`,
    },
  ];
}

/** The relationship that lets columns of the rows of a table be shared. */
export const columnShareLink = ({ logicalName }: TableModel): TableLink => ({
  relationship: columnShareRelationship(logicalName),
  navigation: `objectid_${logicalName}`,
});

/** The relationships that let activities regard the rows of a table. */
export function activityLinks(model: Model, { logicalName }: TableModel): readonly TableLink[] {
  return [...model.tables.values()]
    .filter((activity) => activity.base === 'activitypointer' || activity.logicalName === 'activitypointer')
    .filter((activity) => model.attribute(activity, 'regardingobjectid'))
    .map((activity) => {
      const name = `${logicalName}_${activity.schemaName}s`;
      const suffix = activity.view ? '' : `_${activity.logicalName}`;
      return {
        relationship: {
          name,
          referenced: logicalName,
          collection: name,
          referencing: activity.logicalName,
          attribute: 'regardingobjectid',
          onDelete: activity.view ? undefined : 'cascade',
        },
        navigation: `regardingobjectid_${logicalName}${suffix}`,
      };
    });
}
