import { isJsonObject } from 'dynamics365-connector/base';
import { attributeMetadataId } from '../model/metadata-ids.ts';
import { readNextAutoNumber, setAutoNumberSeed } from '../store/auto-numbers.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { createMetadataId } from '../web-api/metadata/metadata-definition.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { readLookup } from '../web-api/schema/read-lookup.ts';
import { componentType, createInSolution } from '../web-api/schema/solution-components.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import {
  operationResponse,
  readIntegerParameter,
  readListParameter,
  readStringParameter,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const polymorphicLookup = {
  OneToManyRelationships: 'required',
  Lookup: 'required',
  SolutionUniqueName: 'optional',
} as const;

/** Operations on tables and columns beside `EntityDefinitions`. Changes are visible without publishing. */
export const schemaOperations: readonly WebApiOperation[] = [
  {
    name: 'PublishXml',
    kind: 'action',
    parameters: { ParameterXml: 'required' },
    run: (call) => noContentResponse(call.context),
  },
  {
    name: 'PublishAllXml',
    kind: 'action',
    parameters: {},
    run: (call) => noContentResponse(call.context),
  },
  {
    name: 'CreatePolymorphicLookupAttribute',
    kind: 'action',
    parameters: polymorphicLookup,
    run: (call) => createPolymorphicLookup(call, 'Lookup'),
  },
  {
    name: 'CreateCustomerRelationships',
    kind: 'action',
    parameters: polymorphicLookup,
    run: (call) => createPolymorphicLookup(call, 'Customer'),
  },
  {
    name: 'ReactivateEntityKey',
    kind: 'action',
    parameters: { EntityLogicalName: 'required', EntityKeyLogicalName: 'required' },
    run(call) {
      const table = readStringParameter(call, 'EntityLogicalName');
      const key = readStringParameter(call, 'EntityKeyLogicalName');
      call.context.org.store.schema.reactivateKey(table, key);
      return noContentResponse(call.context);
    },
  },
  {
    name: 'SetAutoNumberSeed',
    kind: 'action',
    parameters: { EntityName: 'required', AttributeName: 'required', Value: 'required' },
    run(call) {
      const { table, column } = readAutoNumberColumn(call);
      setAutoNumberSeed(call.context.org.store.blobs, table, column, readIntegerParameter(call, 'Value'));
      return noContentResponse(call.context);
    },
  },
  {
    name: 'GetNextAutoNumberValue',
    kind: 'action',
    parameters: { EntityName: 'required', AttributeName: 'required' },
    run(call) {
      const { table, column } = readAutoNumberColumn(call);
      const next = readNextAutoNumber(call.context.org.store.blobs, table, column);
      return operationResponse(call, { NextAutoNumberValue: next });
    },
  },
];

function createPolymorphicLookup(call: OperationContext, type: 'Lookup' | 'Customer'): WebApiResponse {
  const { store } = call.context.org;
  const definitions = readListParameter(call, 'OneToManyRelationships').filter(isJsonObject);
  if (definitions.length === 0) throw invalidArgument('A lookup needs at least one relationship.');
  const { table, attribute, relationships } = readLookup(
    store.model,
    call.parameters.Lookup,
    definitions,
    type,
  );
  const { SolutionUniqueName: solution } = call.parameters;
  return createInSolution(call.context, typeof solution === 'string' ? solution : undefined, () => {
    store.schema.addLookup(table, attribute, relationships);
    const RelationshipIds = relationships.map(({ name }) => createMetadataId('relationship', name));
    const AttributeId = attributeMetadataId({ logicalName: table }, attribute.logicalName);
    return {
      response: operationResponse(call, { RelationshipIds, AttributeId }),
      components: [
        { type: componentType.attribute, id: AttributeId },
        ...RelationshipIds.map((id) => ({ type: componentType.relationship, id })),
      ],
    };
  });
}

function readAutoNumberColumn(call: OperationContext): { readonly table: string; readonly column: string } {
  const { model } = call.context.org.store;
  const name = readStringParameter(call, 'EntityName');
  const column = readStringParameter(call, 'AttributeName');
  const table = model.table(name);
  const attribute = table && model.attribute(table, column);
  if (attribute?.autoNumberFormat) return { table: name, column };
  throw invalidArgument(`The column '${column}' of '${name}' is not an auto-number column.`);
}
