import { DataverseError } from '../store/errors.ts';
import type { Actor, ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { type ExactAmount, percentOf, toAmount, toMoney } from './exact-amount.ts';
import { findRows, readReferenced } from './find-rows.ts';
import { priceLine } from './line-prices.ts';
import type { RowChange, TableLogic } from './table-logic.ts';

/** A document with lines. */
interface DocumentType {
  readonly table: string;
  readonly lineTable: string;
  /** The lookup of a line to its document. */
  readonly key: string;
  /** The states in which the document can be changed. */
  readonly openStates: readonly number[];
  /** The states that only a message sets, with its name. */
  readonly messages: Readonly<Record<number, string>>;
}

export const documentTypes: readonly DocumentType[] = [
  {
    ...{ table: 'opportunity', lineTable: 'opportunityproduct', key: 'opportunityid' },
    ...{ openStates: [0], messages: {} },
  },
  {
    ...{ table: 'quote', lineTable: 'quotedetail', key: 'quoteid', openStates: [0] },
    messages: { 0: 'ReviseQuoteRequest', 2: 'WinQuoteRequest', 3: 'CloseQuoteRequest' },
  },
  {
    ...{ table: 'salesorder', lineTable: 'salesorderdetail', key: 'salesorderid', openStates: [0, 1] },
    messages: {
      2: 'CancelSalesOrderRequest',
      3: 'FulfillSalesOrderRequest',
      4: 'ConvertSalesOrderToInvoiceRequest',
    },
  },
  {
    ...{ table: 'invoice', lineTable: 'invoicedetail', key: 'invoiceid', openStates: [0] },
    messages: {},
  },
];

/** Columns of a document from which its totals follow. */
const amountColumns = ['discountamount', 'discountpercentage', 'freightamount', 'isrevenuesystemcalculated'];

const readOnlyError = () =>
  new DataverseError(400, '0x8004022e', 'The object cannot be updated because it is read-only.');

/** Quotes, orders, invoices and opportunities: their states, and totals that follow from their lines. */
export function createDocumentLogic(type: DocumentType): TableLogic {
  return {
    before({ table, values, current }) {
      if (!current) return { ...values, ...computeTotals(type.table, values, []) };
      const from = Number(current.values.statecode);
      const to = Number(values.statecode ?? from);
      if (from !== to && type.messages[to] !== undefined) {
        const label = table.attributes
          .find((column) => column.type === 'State')
          ?.options?.find(({ value }) => value === to)?.label;
        const what = `This message can not be used to set the state of ${type.table} to ${label}.`;
        const how = `In order to set state of ${type.table} to ${label}, use the ${type.messages[to]} message instead.`;
        throw new DataverseError(400, '0x80040203', `${what} ${how}`);
      }
      const isLocked = from === to && !type.openStates.includes(from);
      if (isLocked && Object.keys(values).some((column) => column !== 'statuscode' && column !== 'statecode'))
        throw readOnlyError();
      return values;
    },
    after({ store, actor, values, current }, row) {
      const isAmountNew = amountColumns.some((column) => values[column] !== undefined);
      const isListNew = current !== undefined && values.pricelevelid !== undefined;
      if (isListNew) repriceDocument(store, row, actor);
      else if (current && isAmountNew) totalDocument(store, row, actor);
    },
  };
}

/** Lines of documents: their amounts, and the totals of their document. */
export function createLineLogic(type: DocumentType): TableLogic {
  return {
    before({ store, values, current }) {
      const all = { ...current?.values, ...values };
      const document = readReferenced(store, all[type.key]);
      if (document && !type.openStates.includes(Number(document.values.statecode))) throw readOnlyError();
      return { ...values, ...priceLine(store, all, document) };
    },
    after(change, row) {
      totalOf(type, change, row);
    },
    beforeDelete({ values }, store) {
      const document = readReferenced(store, values[type.key]);
      if (document && !type.openStates.includes(Number(document.values.statecode))) throw readOnlyError();
    },
    afterDelete(row, { store, actor }) {
      totalOf(type, { store, actor }, row);
    },
  };
}

function totalOf(type: DocumentType, { store, actor }: Pick<RowChange, 'store' | 'actor'>, row: StoredRow) {
  const document = readReferenced(store, row.values[type.key]);
  if (document) totalDocument(store, document, actor);
}

function linesOf(store: OrganizationStore, { table, id }: StoredRow): readonly StoredRow[] {
  const type = documentTypes.find((each) => each.table === table);
  return type ? findRows(store, type.lineTable, `_${type.key}_value eq ${id}`) : [];
}

/** Prices all lines again, unless the prices of the document are locked, and totals them. */
export function repriceDocument(store: OrganizationStore, document: StoredRow, actor: Actor): void {
  const lines = document.values.ispricelocked === true ? [] : linesOf(store, document);
  for (const line of lines) {
    const values = priceLine(store, line.values, document);
    store.update({ table: line.table, id: line.id, values, actor });
  }
  totalDocument(store, document, actor);
}

/** Writes the totals of a document. */
function totalDocument(store: OrganizationStore, document: StoredRow, actor: Actor): void {
  const values = computeTotals(document.table, document.values, linesOf(store, document));
  const isSame = Object.entries(values).every(([column, value]) => document.values[column] === value);
  if (!isSame) store.update({ table: document.table, id: document.id, values, actor });
}

/** The totals of a document with these lines. */
function computeTotals(table: string, document: ColumnValues, lines: readonly StoredRow[]): ColumnValues {
  const sum = (column: string): ExactAmount =>
    lines.reduce((total, { values }) => total + toAmount(values[column]), 0n);
  const tax = sum('tax');
  const items = sum('extendedamount') - tax;
  const discount =
    toAmount(document.discountamount) + percentOf(items, toAmount(document.discountpercentage));
  const lessFreight = items - discount;
  const total = toMoney(lessFreight + toAmount(document.freightamount) + tax);
  const totals: ColumnValues = {
    totallineitemamount: toMoney(items),
    totallineitemdiscountamount: toMoney(sum('manualdiscountamount')),
    totaldiscountamount: toMoney(discount),
    totalamountlessfreight: toMoney(lessFreight),
    totaltax: toMoney(tax),
    totalamount: total,
  };
  const isRevenue = table === 'opportunity' && document.isrevenuesystemcalculated === true;
  return isRevenue ? { ...totals, estimatedvalue: total } : totals;
}
