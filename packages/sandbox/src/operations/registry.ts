import { requireRow } from '../protocol/key.ts';
import { badArgument, badPayload, noSuchResource } from '../protocol/refusal.ts';
import type { Bindable } from '../protocol/resource.ts';
import type { Exchange, OrgResponse } from '../protocol/types.ts';
import { readObject } from '../protocol/write/body.ts';
import { appointmentOperations } from './appointments.ts';
import { parseArguments } from './arguments.ts';
import { blockOperations } from './blocks.ts';
import { bulkOperations } from './bulk.ts';
import { caseOperations } from './cases.ts';
import { documentOperations } from './documents.ts';
import { emailOperations } from './emails.ts';
import { fileOperations } from './files.ts';
import { leadOperations } from './leads.ts';
import { mergeOperation } from './merge.ts';
import { metadataOperations } from './metadata-changes.ts';
import { opportunityOperations } from './opportunities.ts';
import { organisationOperations } from './organisation.ts';
import { queueOperations } from './queues.ts';
import { rowOperations } from './rows.ts';
import { searchOperation } from './search.ts';
import { sharingOperations } from './sharing.ts';
import { teamOperations } from './teams.ts';
import type { Call, Operation } from './types.ts';

/** Every message that the sandbox understands. */
export const operations: readonly Operation[] = [
  ...organisationOperations,
  ...metadataOperations,
  ...caseOperations,
  ...leadOperations,
  ...opportunityOperations,
  ...queueOperations,
  ...emailOperations,
  ...appointmentOperations,
  ...teamOperations,
  ...sharingOperations,
  ...rowOperations,
  ...bulkOperations,
  ...blockOperations,
  ...fileOperations,
  ...documentOperations,
  mergeOperation,
  searchOperation,
];

/** The operation of a name: the unbound one, or the one that can be called on this resource. */
export function findOperation(name: string, on?: Bindable): Operation | undefined {
  return operations.find((operation) => {
    if (operation.name !== name) return false;
    if (!operation.on || !on) return !operation.on && !on;
    const { kind, table } = operation.on;
    return kind === on.kind && (table === undefined || table === on.table.logicalName);
  });
}

/** Checks method and parameters of a call and carries it out. */
export function runOperation(
  exchange: Exchange,
  {
    operation,
    args,
    on,
  }: {
    readonly operation: Operation;
    readonly args?: string | undefined;
    readonly on?: Bindable | undefined;
  },
): OrgResponse {
  if (exchange.method !== (operation.kind === 'action' ? 'POST' : 'GET')) throw noSuchResource(exchange.url);
  const parameters = readParameters(exchange, operation, args);
  checkNames(operation, parameters);
  const { store } = exchange.org;
  return store.transaction(() => {
    const call: Call = {
      exchange,
      operation,
      parameters,
      ...(on ? { table: on.table } : {}),
      ...(on?.kind === 'row' ? { row: requireRow(store, on.table, on.key) } : {}),
    };
    return operation.run(call);
  });
}

function readParameters(exchange: Exchange, { kind, name }: Operation, args: string | undefined) {
  if (kind === 'function') return parseArguments(args ?? '', exchange.options.aliases);
  return exchange.request.body.length === 0 ? {} : readObject(exchange, name);
}

function checkNames({ name, parameters: known }: Operation, given: Readonly<Record<string, unknown>>): void {
  for (const parameter of Object.keys(given)) {
    if (!parameter.includes('@') && !Object.hasOwn(known, parameter)) {
      throw badPayload(
        name,
        `The parameter '${parameter}' in the request payload is not a valid parameter for the operation '${name}'.`,
      );
    }
  }
  for (const [parameter, need] of Object.entries(known)) {
    if (need === 'required' && (given[parameter] ?? null) === null) {
      throw badArgument(`Required parameter '${parameter}' of '${name}' is missing.`);
    }
  }
}
