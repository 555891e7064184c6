import { isJsonObject } from 'dynamics365-connector/base';
import { quoteString } from 'dynamics365-connector/odata';
import { parseGuid } from '../guid.ts';
import { findRows } from '../logic/find-rows.ts';
import { repriceDocument } from '../logic/sales-documents.ts';
import { formatDateTime } from '../store/date-time.ts';
import { referenceTo } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError, invalidArgument, invalidPayload } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { requireRow } from '../web-api/row-key.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { completeState } from '../web-api/write/complete-state.ts';
import { insertValues } from '../web-api/write/save-values.ts';
import { copyDocument } from './copy-document.ts';
import {
  readIntegerParameter,
  readPayloadParameter,
  readRowParameter,
  requireBoundRow,
  requireReferencedRow,
} from './parameters.ts';
import { rowResponse } from './row-response.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const fromOpportunity = {
  OpportunityId: 'required',
  ColumnSet: 'required',
  ProcessInstanceId: 'optional',
} as const;
const revised = 7;

/** Operations on quotes, orders and invoices. */
export const salesDocumentOperations: readonly WebApiOperation[] = [
  {
    name: 'ReviseQuote',
    kind: 'action',
    parameters: { QuoteId: 'required', ColumnSet: 'required' },
    run: (call) => documentResponse(call, reviseQuote(call)),
  },
  closeOperation('WinQuote', 'QuoteClose', (call) => closeQuote(call, 2)),
  closeOperation('CloseQuote', 'QuoteClose', (call) => closeQuote(call, 3)),
  {
    name: 'ConvertQuoteToSalesOrder',
    kind: 'action',
    parameters: {
      QuoteId: 'required',
      ColumnSet: 'required',
      QuoteCloseDate: 'optional',
      QuoteCloseStatus: 'optional',
      QuoteCloseSubject: 'optional',
      QuoteCloseDescription: 'optional',
      ProcessInstanceId: 'optional',
    },
    run: (call) => documentResponse(call, convertQuote(call)),
  },
  {
    name: 'ConvertSalesOrderToInvoice',
    kind: 'action',
    parameters: { SalesOrderId: 'required', ColumnSet: 'required', ProcessInstanceId: 'optional' },
    run: (call) => documentResponse(call, convertOrder(call)),
  },
  ...(
    [
      ['GenerateQuoteFromOpportunity', 'quote'],
      ['GenerateSalesOrderFromOpportunity', 'salesorder'],
      ['GenerateInvoiceFromOpportunity', 'invoice'],
    ] as const
  ).map(
    ([name, table]): WebApiOperation => ({
      name,
      kind: 'action',
      parameters: fromOpportunity,
      run(call) {
        const opportunity = readDocument(call, 'OpportunityId', 'opportunity');
        const extra = { opportunityid: referenceTo(opportunity) };
        return documentResponse(call, copyDocument(call.context, opportunity, { table, extra }));
      },
    }),
  ),
  closeOperation('FulfillSalesOrder', 'OrderClose', (call) => closeOrder(call, 3)),
  closeOperation('CancelSalesOrder', 'OrderClose', (call) => closeOrder(call, 2)),
  ...lockOperations('invoice', 'Invoice', 'InvoiceId'),
  ...lockOperations('salesorder', 'SalesOrder', 'SalesOrderId'),
  {
    name: 'CalculatePrice',
    kind: 'action',
    parameters: { Target: 'required', ParentId: 'optional' },
    run(call) {
      const { org, actor } = call.context;
      repriceDocument(org.systemStore, readRowParameter(call, 'Target'), actor);
      return noContentResponse(call.context);
    },
  },
];

/** An action that closes a document: it takes the closing activity and the status reason. */
function closeOperation(
  name: string,
  activity: 'QuoteClose' | 'OrderClose',
  run: WebApiOperation['run'],
): WebApiOperation {
  return { name, kind: 'action', parameters: { [activity]: 'required', Status: 'required' }, run };
}

/** `LockInvoicePricing` is bound to the invoice; `UnlockInvoicePricing` takes its id. */
function lockOperations(table: string, name: string, parameter: string): readonly WebApiOperation[] {
  const setLock = (call: OperationContext, row: StoredRow, ispricelocked: boolean): WebApiResponse => {
    const { org, actor } = call.context;
    org.store.update({ table, id: row.id, values: { ispricelocked }, actor });
    return noContentResponse(call.context);
  };
  return [
    {
      name: `Lock${name}Pricing`,
      kind: 'action',
      boundTo: { kind: 'row', table },
      parameters: {},
      run: (call) => setLock(call, requireBoundRow(call), true),
    },
    {
      name: `Unlock${name}Pricing`,
      kind: 'action',
      parameters: { [parameter]: 'required' },
      run: (call) => setLock(call, readDocument(call, parameter, table), false),
    },
  ];
}

/** The row whose id a parameter has. */
function readDocument(call: OperationContext, parameter: string, table: string): StoredRow {
  const value = call.parameters[parameter];
  const id = typeof value === 'string' ? parseGuid(value) : undefined;
  if (!id) {
    const message = `Cannot convert the parameter '${parameter}' to the expected type 'Edm.Guid'.`;
    throw invalidPayload(call.operation.name, message);
  }
  const { store } = call.context.org;
  return requireRow(store, requireTable(store.model, table), { kind: 'id', id });
}

/** The new row with the columns of `ColumnSet`. */
function documentResponse(call: OperationContext, row: StoredRow): WebApiResponse {
  const set = call.parameters.ColumnSet;
  if (!isJsonObject(set)) throw invalidArgument("The parameter 'ColumnSet' must be an object.");
  const columns = Array.isArray(set.Columns) ? set.Columns.map(String) : [];
  return rowResponse(call, row, set.AllColumns === true || columns.length === 0 ? undefined : columns);
}

/** Writes the state of a document that only a message can set. */
function setState(
  { context }: OperationContext,
  document: StoredRow,
  { statecode, status, values = {} }: { statecode: number; status: number; values?: ColumnValues },
): void {
  const { store } = context.org;
  const table = requireTable(store.model, document.table);
  const state = completeState(
    table,
    status === -1 ? { statecode } : { statecode, statuscode: status },
    document,
  );
  const change = { table: document.table, id: document.id, actor: context.actor };
  store.update({ ...change, values: { ...state, ...values } });
}

function requireState(document: StoredRow, states: readonly number[], message: string): void {
  if (!states.includes(Number(document.values.statecode)))
    throw new DataverseError(400, '0x80040203', message);
}

/** Closes an active quote, which keeps its number, and creates a draft with the next revision. */
function reviseQuote(call: OperationContext): StoredRow {
  const { context } = call;
  const quote = readDocument(call, 'QuoteId', 'quote');
  const { quotenumber = null, revisionnumber } = quote.values;
  const filter = `quotenumber eq ${quoteString(String(quotenumber))} and statecode lt 2 and quoteid ne ${quote.id}`;
  const isRevised = findRows(context.org.systemStore, 'quote', filter).length > 0;
  if (quote.values.statecode === 0 || isRevised) {
    const message =
      'The quote cannot be revised as there already exists another quote in Draft/Active state and with same quote number.';
    throw new DataverseError(400, '0x80048d00', message);
  }
  requireState(quote, [1, 3], 'A quote that was won cannot be revised.');
  if (quote.values.statecode === 1) {
    addClose(call, 'quoteclose', { quoteid: referenceTo(quote), subject: 'Quote Revised' });
    setState(call, quote, { statecode: 3, status: revised, values: closedNow(call) });
  }
  const revision = { quotenumber, revisionnumber: Number(revisionnumber ?? 0) + 1 };
  return copyDocument(context, quote, { table: 'quote', extra: revision });
}

const closedNow = ({ context }: OperationContext): ColumnValues => ({
  closedon: formatDateTime(context.org.now()).slice(0, 10),
});

function addClose({ context }: OperationContext, table: string, values: ColumnValues): void {
  const actualend = values.actualend ?? formatDateTime(context.org.now());
  insertValues(context, table, { ...values, actualend, statecode: 1, statuscode: 2 });
}

/** Closes an active quote as won (2) or closed (3), with the activity that says why. */
function closeQuote(call: OperationContext, statecode: 2 | 3): WebApiResponse {
  const activity = readPayloadParameter(call, 'QuoteClose', 'quoteclose');
  const quote = requireReferencedRow(call, activity, 'quoteid');
  requireState(quote, statecode === 2 ? [1] : [0, 1], 'The quote must be active to be closed.');
  addClose(call, 'quoteclose', { quotenumber: quote.values.quotenumber ?? null, ...activity.values });
  setState(call, quote, {
    statecode,
    status: readIntegerParameter(call, 'Status'),
    values: closedNow(call),
  });
  return noContentResponse(call.context);
}

/** Creates the order of a quote, which is won if it is still active. */
function convertQuote(call: OperationContext): StoredRow {
  const quote = readDocument(call, 'QuoteId', 'quote');
  requireState(quote, [1, 2], 'The quote must be active or won to be converted to an order.');
  if (quote.values.statecode === 1) {
    const { QuoteCloseSubject: subject, QuoteCloseDescription: description } = call.parameters;
    addClose(call, 'quoteclose', {
      quoteid: referenceTo(quote),
      subject: typeof subject === 'string' ? subject : 'Quote Close',
      description: typeof description === 'string' ? description : null,
    });
    const { QuoteCloseStatus: status } = call.parameters;
    const values = closedNow(call);
    setState(call, quote, { statecode: 2, status: typeof status === 'number' ? status : -1, values });
  }
  const extra = { quoteid: referenceTo(quote) };
  return copyDocument(call.context, quote, { table: 'salesorder', extra });
}

/** Creates the invoice of an order, which is then invoiced. */
function convertOrder(call: OperationContext): StoredRow {
  const order = readDocument(call, 'SalesOrderId', 'salesorder');
  requireState(order, [0, 1, 3], 'The order must be active, submitted or fulfilled to be invoiced.');
  const extra = { salesorderid: referenceTo(order) };
  const invoice = copyDocument(call.context, order, { table: 'invoice', extra });
  setState(call, order, { statecode: 4, status: -1 });
  return invoice;
}

/** Closes an order as canceled (2) or fulfilled (3), with the activity that says why. */
function closeOrder(call: OperationContext, statecode: 2 | 3): WebApiResponse {
  const activity = readPayloadParameter(call, 'OrderClose', 'orderclose');
  const order = requireReferencedRow(call, activity, 'salesorderid');
  requireState(order, [0, 1], 'The order must be active or submitted to be closed.');
  addClose(call, 'orderclose', { ordernumber: order.values.ordernumber ?? null, ...activity.values });
  const datefulfilled = formatDateTime(call.context.org.now()).slice(0, 10);
  setState(call, order, {
    statecode,
    status: readIntegerParameter(call, 'Status'),
    values: statecode === 3 ? { datefulfilled } : {},
  });
  return noContentResponse(call.context);
}
