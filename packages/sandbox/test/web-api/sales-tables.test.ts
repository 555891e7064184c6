import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: sales tables', () => {
  let fixture: WebApiFixture;
  before(() => {
    fixture = createWebApiFixture();
  });
  after(() => fixture.store.close());

  it('a quote is created as a draft and deleted with its lines', () => {
    const { store } = fixture;
    const actor = { userId: '00000000-0000-4000-8000-00000000000a' };
    const quote = store.insert('quote', { name: 'Pumps' }, actor);
    const reference = { table: 'quote', id: quote.id };
    const line = store.insert('quotedetail', { quotedetailname: 'Pump', quoteid: reference }, actor);
    expect(store.read('quote', quote.id)?.values).to.include({ statecode: 0, statuscode: 1 });
    const found = fixture.get(`quotes(${quote.id})/quote_details?$select=quotedetailname`).json.value;
    expect(found).to.have.length(1);
    store.delete('quote', quote.id);
    expect(store.read('quotedetail', line.id)).to.equal(undefined);
  });

  it('orders, invoices, price lists, units, campaigns, marketing lists, connections and faxes have sets', () => {
    for (const set of [
      ...['salesorders', 'salesorderdetails', 'invoices', 'invoicedetails', 'opportunityproducts'],
      ...['pricelevels', 'productpricelevels', 'uoms', 'campaigns', 'lists', 'connections', 'faxes'],
    ]) {
      expect(fixture.get(`${set}?$top=1`).status, set).to.equal(200);
    }
  });
});
