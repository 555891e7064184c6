/** Tables whose rows can be read and written by those who can read and write their parent row. */
export const accessParents: Readonly<
  Record<string, { readonly column: string; readonly table: string } | undefined>
> = {
  activityparty: { column: 'activityid', table: 'activitypointer' },
  invoicedetail: { column: 'invoiceid', table: 'invoice' },
  opportunityproduct: { column: 'opportunityid', table: 'opportunity' },
  quotedetail: { column: 'quoteid', table: 'quote' },
  salesorderdetail: { column: 'salesorderid', table: 'salesorder' },
};
