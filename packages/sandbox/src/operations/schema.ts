import { isJsonObject } from 'dynamics365-connector/host';
import { readNextAutoNumber, setAutoNumberSeed } from '../store/auto-numbers.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { createMetadataId } from '../web-api/metadata/metadata-definition.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { readLookup } from '../web-api/schema/read-lookup.ts';
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
  store.schema.addLookup(table, attribute, relationships);
  return operationResponse(call, {
    RelationshipIds: relationships.map(({ name }) => createMetadataId('relationship', name)),
    AttributeId: createMetadataId('attribute', table, attribute.logicalName),
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
