import type { ManyToManyRelationship, Model } from '../../model/types.ts';
import { requireTable } from '../../store/require-table.ts';
import { invalidArgument } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';
import { noContentResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { readSchemaBody } from './labels.ts';
import { readDeleteBehavior, readLookup, readName, readNavigation } from './read-lookup.ts';
import { readSchemaNames } from './schema-names.ts';

/** `POST RelationshipDefinitions`: a one-to-many relationship with its lookup, or a many-to-many relationship. */
export function createRelationship(context: WebApiContext): WebApiResponse {
  const { store } = context.org;
  const body = readSchemaBody(context, 'RelationshipDefinitions');
  const type = String(body['@odata.type'] ?? body.RelationshipType);
  if (type.includes('OneToMany')) {
    const { table, attribute, relationships } = readLookup(store.model, body.Lookup, [body]);
    store.schema.addLookup(table, attribute, relationships);
  } else if (type.includes('ManyToMany')) {
    store.schema.addManyToMany(readManyToMany(store.model, body));
  } else {
    throw invalidArgument(
      "The property '@odata.type' must name OneToManyRelationshipMetadata or ManyToManyRelationshipMetadata.",
    );
  }
  const id = createMetadataId('relationship', readSchemaNames(body, 'EntityRelationship').schemaName);
  return noContentResponse(context, { 'OData-EntityId': `${context.base}/RelationshipDefinitions(${id})` });
}

/** `PUT RelationshipDefinitions(…)`: changes what deleting the referenced row does. */
export function updateRelationship(context: WebApiContext, name: string): WebApiResponse {
  const { store } = context.org;
  const body = readSchemaBody(context, 'RelationshipDefinitions');
  const existing = store.model.oneToMany.find((relationship) => relationship.name === name);
  if (existing && body.CascadeConfiguration !== undefined) {
    store.schema.addOneToMany({ ...existing, onDelete: readDeleteBehavior(body) });
  }
  return noContentResponse(context);
}

/** `DELETE RelationshipDefinitions(…)` deletes the lookup of a one-to-many relationship too. */
export function deleteRelationship(context: WebApiContext, name: string): WebApiResponse {
  context.org.store.schema.removeRelationship(name);
  return noContentResponse(context);
}

function readManyToMany(model: Model, body: JsonBody): ManyToManyRelationship {
  const { schemaName, logicalName } = readSchemaNames(body, 'EntityRelationship');
  const names = ['Entity1LogicalName', 'Entity2LogicalName'].map((property) => readName(body, property));
  const [one, other] = names.map((name) => requireTable(model, name));
  if (!one || !other) throw invalidArgument('A many-to-many relationship needs two entities.');
  const isReflexive = one === other;
  const intersect = body.IntersectEntityName;
  return {
    name: schemaName,
    intersect: typeof intersect === 'string' && intersect !== '' ? intersect.toLowerCase() : logicalName,
    ends: [
      {
        table: one.logicalName,
        column: isReflexive ? `${one.primaryId}one` : one.primaryId,
        navigation: readNavigation(body.Entity1NavigationPropertyName) ?? schemaName,
      },
      {
        table: other.logicalName,
        column: isReflexive ? `${one.primaryId}two` : other.primaryId,
        navigation:
          readNavigation(body.Entity2NavigationPropertyName) ??
          (isReflexive ? `${schemaName}_referenced` : schemaName),
      },
    ],
    custom: true,
  };
}
