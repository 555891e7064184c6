import { isJsonObject } from 'dynamics365-connector/base';
import { nullGuid } from '../../guid.ts';
import type { TableModel } from '../../model/types.ts';
import { toReference } from '../../store/entity-reference.ts';
import type { ColumnValues, EntityReference, StoredRow } from '../../store/types.ts';
import { getHeader } from '../headers.ts';
import type { WebApiContext } from '../types.ts';
import {
  contextDate,
  contextImage,
  contextReference,
  contextTarget,
  type KeyValue,
} from './context-values.ts';
import type { ExecutionContext, MessageEvent } from './message-event.ts';
import type { RegisteredStep, StepImage } from './steps.ts';

/** The call of a step: an event at the step's stage. */
export interface StepCall {
  readonly step: RegisteredStep;
  readonly event: MessageEvent;
  /** The event of the whole request: an update of states and other columns calls steps once for each part. */
  readonly request: MessageEvent;
  /** The system job of an asynchronous step, the request of a synchronous one. */
  readonly operationId: string;
}

/** The stage of the operation itself. */
const mainOperationStage = 30;

/** The step of the platform that executes the main operation. Its id is the same in all organizations. */
const mainOperation = {
  table: 'sdkmessageprocessingstep',
  id: '6acabb1b-ea3e-db11-86a7-000a3a5473e8',
  name: 'ObjectModel Implementation',
} as const;

/**
 * The RemoteExecutionContext of a step.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks
 */
export function buildExecutionContext(context: WebApiContext, call: StepCall): ExecutionContext {
  const { step, event } = call;
  const isAsync = step.mode === 'async';
  const own = isAsync ? { ...stepReference(step), name: null } : { ...stepReference(step), name: step.name };
  return {
    ...commonMembers(context, call),
    InputParameters: inputParameters(context, call),
    OutputParameters: outputParameters(event),
    OwningExtension: owningExtension(own),
    ParentContext: step.stage === 10 ? null : parentContext(context, call),
    PostEntityImages: postImages(context, call),
    PreEntityImages: preImages(context, call),
    SharedVariables: [],
    Stage: step.stage,
  };
}

const stepReference = ({ id }: RegisteredStep): EntityReference => ({
  table: 'sdkmessageprocessingstep',
  id,
});

function owningExtension({ name, ...reference }: EntityReference & { readonly name: string | null }): object {
  const { __type, ...members } = contextReference(reference, name) as Record<string, unknown>;
  return members;
}

/** The members that do not depend on the stage. */
function commonMembers(context: WebApiContext, { step, event, operationId }: StepCall): ExecutionContext {
  const { org, actor, events } = context;
  const isAsync = step.mode === 'async';
  const initiator = readUser(context, actor.delegateId ?? actor.userId);
  const user = readUser(context, step.userId ?? actor.userId);
  return {
    BusinessUnitId: initiator.businessUnitId,
    CorrelationId: events.correlationId,
    Depth: 1,
    InitiatingUserAgent: getHeader(context.request.headers, 'User-Agent') ?? '',
    InitiatingUserAzureActiveDirectoryObjectId: initiator.objectId,
    InitiatingUserId: initiator.id,
    IsExecutingOffline: false,
    IsInTransaction: !isAsync,
    IsOfflinePlayback: false,
    IsolationMode: 1,
    MessageName: event.message,
    Mode: isAsync ? 1 : 0,
    OperationCreatedOn: contextDate(org.now(), isAsync ? '+0000' : ''),
    OperationId: operationId,
    OrganizationId: org.organizationId,
    OrganizationName: org.name,
    PrimaryEntityId: event.id,
    PrimaryEntityName: event.table.logicalName,
    RequestId: isAsync ? null : operationId,
    SecondaryEntityName: 'none',
    UserAzureActiveDirectoryObjectId: user.objectId,
    UserId: user.id,
  };
}

function readUser({ org }: WebApiContext, id: string) {
  const values = org.systemStore.read('systemuser', id)?.values ?? {};
  const unit = toReference(values.businessunitid);
  return {
    id,
    objectId: (values.azureactivedirectoryobjectid as string | null | undefined) ?? nullGuid,
    businessUnitId: unit?.id ?? nullGuid,
  };
}

/** The context of the main operation, with the parameters of the request. */
function parentContext(context: WebApiContext, call: StepCall): ExecutionContext {
  const { request, step } = call;
  const isAsync = step.mode === 'async';
  const suppress = getHeader(context.request.headers, 'MSCRM.SuppressDuplicateDetection');
  const extension = isAsync ? { ...stepReference(step), name: null } : mainOperation;
  const changed = {
    __type: 'KeyValuePairOfstringstring:#System.Collections.Generic',
    key: request.table.logicalName,
    value: 'Update',
  };
  return {
    ...commonMembers(context, { ...call, event: request }),
    InputParameters: [
      ...(request.parameters
        ? toParameters(request.parameters.input)
        : [targetParameter(context, request, request.values)]),
      ...(suppress === undefined
        ? []
        : [{ key: 'SuppressDuplicateDetection', value: suppress.toLowerCase() === 'true' }]),
    ],
    OutputParameters: [],
    OwningExtension: owningExtension(extension),
    ParentContext: null,
    PostEntityImages: [],
    PreEntityImages: [],
    SharedVariables: [
      { key: 'IsAutoTransact', value: true },
      { key: 'ChangedEntityTypes', value: [changed] },
    ],
    Stage: mainOperationStage,
  };
}

/** After the operation, the target also has the values that the platform has set. */
function inputParameters(context: WebApiContext, { event }: StepCall): readonly KeyValue[] {
  const { after, table, values, message, parameters } = event;
  if (parameters) return toParameters(parameters.input);
  if (!after) return [targetParameter(context, event, values)];
  const written = message === 'Create' ? Object.keys(after.values) : Object.keys(values);
  const names = new Set([...written, table.primaryId, ...systemColumns]);
  names.delete('versionnumber');
  return [targetParameter(context, event, pickValues(after, [...names], message === 'Create'))];
}

const systemColumns = ['modifiedon', 'modifiedby', 'modifiedonbehalfby'];

function targetParameter(
  { org: { systemStore: store } }: WebApiContext,
  { message, table, id }: MessageEvent,
  values: ColumnValues,
): KeyValue {
  const value =
    message === 'Delete'
      ? contextReference({ table: table.logicalName, id })
      : contextTarget(store, { table, id, values });
  return { key: 'Target', value };
}

function outputParameters({ message, after, id, parameters }: MessageEvent): readonly KeyValue[] {
  if (parameters) return toParameters(parameters.output);
  return message === 'Create' && after ? [{ key: 'id', value: id }] : [];
}

/** Parameters of an operation. A reference to a row is `{ table, id }`. */
function toParameters(values: Readonly<Record<string, unknown>>): readonly KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: isEntityReference(value) ? contextReference(value) : value,
  }));
}

const isEntityReference = (value: unknown): value is EntityReference =>
  isJsonObject(value) && typeof value.table === 'string' && typeof value.id === 'string';

/** Columns of a row; with `dropsNull` only those that have a value. */
function pickValues({ values }: StoredRow, names: readonly string[], dropsNull: boolean): ColumnValues {
  const entries = names.flatMap((name) => {
    const value = values[name];
    return value === undefined || (dropsNull && value === null) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

function preImages(context: WebApiContext, { step, event }: StepCall): readonly KeyValue[] {
  const { before, message, table } = event;
  if (!before) return [];
  const images = step.images
    .filter(({ isPre }) => isPre)
    .map((image) => toImage(context, table, before, image));
  return step.mode === 'async' && message === 'Delete'
    ? [...images, nameImage(context, table, before)]
    : images;
}

function postImages(context: WebApiContext, { step, event }: StepCall): readonly KeyValue[] {
  const { after, table } = event;
  if (!after || step.stage !== 40) return [];
  const images = step.images
    .filter(({ isPost }) => isPost)
    .map((image) => toImage(context, table, after, image));
  return step.mode === 'async' ? [...images, nameImage(context, table, after)] : images;
}

function toImage(
  { org: { systemStore: store } }: WebApiContext,
  table: TableModel,
  row: StoredRow,
  { alias, attributes }: StepImage,
): KeyValue {
  const names = attributes ? [...attributes, table.primaryId] : Object.keys(row.values);
  const values = pickValues(row, [...new Set(names)], true);
  return { key: alias, value: contextImage(store, { table, id: row.id, values }) };
}

/** The image with the name of the row, which asynchronous steps receive unasked. */
function nameImage(
  { org: { systemStore: store } }: WebApiContext,
  table: TableModel,
  row: StoredRow,
): KeyValue {
  const names = [...(table.primaryName ? [table.primaryName] : []), table.primaryId];
  const values = pickValues(row, names, true);
  return { key: 'AsynchronousStepPrimaryName', value: contextImage(store, { table, id: row.id, values }) };
}
