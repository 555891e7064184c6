import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: amounts in a currency with a rate', () => {
  let fixture: WebApiFixture;
  let yen: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    yen = fixture.create('transactioncurrencies', {
      ...{ currencyname: 'Yen', isocurrencycode: 'JPY', currencysymbol: '¥' },
      ...{ currencyprecision: 0, exchangerate: 150 },
    });
  });
  afterEach(() => fixture.store.close());

  const inYen = () => ({ 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${yen})` });
  const columns = 'estimatedvalue,estimatedvalue_base,exchangerate';
  const read = (id: string) => fixture.get(`opportunities(${id})?$select=${columns}`).text;
  const amounts = (id: string) => {
    const { estimatedvalue, estimatedvalue_base, exchangerate } = JSON.parse(read(id));
    return { estimatedvalue, estimatedvalue_base, exchangerate };
  };

  it('a new row has the rate of its currency and the amount divided by it', () => {
    const id = fixture.create('opportunities', { name: 'A', estimatedvalue: 1000, ...inYen() });
    expect(amounts(id)).to.deep.equal({
      estimatedvalue: 1000,
      estimatedvalue_base: 6.6667,
      exchangerate: 150,
    });
    expect(read(id)).to.include('"exchangerate":150.000000000000');
  });

  it('a changed amount and a changed currency are computed with the current rate', () => {
    const id = fixture.create('opportunities', { name: 'A', estimatedvalue: 1500, ...inYen() });
    fixture.send('PATCH', `transactioncurrencies(${yen})`, { exchangerate: 100 });
    expect(amounts(id).estimatedvalue_base).to.equal(10);
    fixture.send('PATCH', `opportunities(${id})`, { estimatedvalue: -2500 });
    expect(amounts(id)).to.deep.equal({ estimatedvalue: -2500, estimatedvalue_base: -25, exchangerate: 100 });
    const dollar = fixture.get("transactioncurrencies?$filter=isocurrencycode eq 'USD'").json.value[0];
    const path = `/transactioncurrencies(${dollar.transactioncurrencyid})`;
    fixture.send('PATCH', `opportunities(${id})`, { 'transactioncurrencyid@odata.bind': path });
    expect(amounts(id)).to.include({ estimatedvalue: -2500, estimatedvalue_base: -2500, exchangerate: 1 });
  });

  it('totals are those of the base currency, in $apply and in FetchXML', () => {
    fixture.create('opportunities', { name: 'A', estimatedvalue: 1500, ...inYen() });
    fixture.create('opportunities', { name: 'B', estimatedvalue: 30 });
    const apply = 'aggregate(estimatedvalue with sum as total,estimatedvalue with max as most)';
    const [row] = fixture.get(`opportunities?$apply=${apply}`).json.value;
    expect(row).to.include({ total: 40, most: 30 });
    const attribute = '<attribute name="estimatedvalue" alias="mean" aggregate="avg"/>';
    const fetch = `<fetch aggregate="true"><entity name="opportunity">${attribute}</entity></fetch>`;
    const fetched = fixture.get(`opportunities?fetchXml=${encodeURIComponent(fetch)}`).json.value[0];
    expect(fetched.mean).to.equal(20);
  });
});
