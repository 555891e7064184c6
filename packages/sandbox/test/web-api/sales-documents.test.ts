import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: quotes, orders and invoices', () => {
  let fixture: WebApiFixture;
  let account: string;
  let priceList: string;
  let product: string;
  let unit: string;
  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Contoso' });
    const group = fixture.create('uomschedules', { name: 'Default', baseuomname: 'Piece' });
    unit = fixture.create('uoms', {
      name: 'Piece',
      quantity: 1,
      'uomscheduleid@odata.bind': `/uomschedules(${group})`,
    });
    priceList = fixture.create('pricelevels', { name: 'Retail' });
    product = createProduct('Kettle');
    fixture.create('productpricelevels', priceOf(product, { amount: 20 }));
  });
  afterEach(() => fixture.store.close());

  const createProduct = (name: string, rest: object = {}) =>
    fixture.create('products', {
      name,
      productnumber: name,
      quantitydecimal: 2,
      'defaultuomid@odata.bind': `/uoms(${unit})`,
      ...rest,
    });
  const priceOf = (id: string, rest: object) => ({
    'pricelevelid@odata.bind': `/pricelevels(${priceList})`,
    'productid@odata.bind': `/products(${id})`,
    'uomid@odata.bind': `/uoms(${unit})`,
    ...rest,
  });
  const createQuote = (rest: object = {}) =>
    fixture.create('quotes', {
      name: 'Kettles',
      'customerid_account@odata.bind': `/accounts(${account})`,
      'pricelevelid@odata.bind': `/pricelevels(${priceList})`,
      ...rest,
    });
  const addLine = (quote: string, rest: object = {}) =>
    fixture.create('quotedetails', {
      'quoteid@odata.bind': `/quotes(${quote})`,
      'productid@odata.bind': `/products(${product})`,
      'uomid@odata.bind': `/uoms(${unit})`,
      quantity: 3,
      ...rest,
    });
  const read = (set: string, id: string) => fixture.get(`${set}(${id})`).json;
  const post = (name: string, body: object) => fixture.send('POST', name, body);
  const all = { AllColumns: true };
  const activate = (quote: string) =>
    fixture.send('PATCH', `quotes(${quote})`, { statecode: 1, statuscode: 2 });
  const win = (quote: string) =>
    post('WinQuote', {
      QuoteClose: { subject: 'Won', 'quoteid@odata.bind': `/quotes(${quote})` },
      Status: -1,
    });

  it('a line has the price of the price list, and the quote the totals of its lines', () => {
    const quote = createQuote({ discountpercentage: 10, freightamount: 5 });
    const line = addLine(quote, { manualdiscountamount: 10, tax: 4 });
    expect(read('quotedetails', line)).to.include({ priceperunit: 20, baseamount: 60, extendedamount: 54 });
    expect(read('quotes', quote)).to.include({
      totallineitemamount: 50,
      totallineitemdiscountamount: 10,
      totaldiscountamount: 5,
      totalamountlessfreight: 45,
      totaltax: 4,
      totalamount: 54,
      totalamount_base: 54,
    });
    expect(read('quotes', quote).quotenumber).to.match(/^QUO-\d{5}-[A-Z0-9]{6}$/);
  });

  it('totals follow changes and deletions of lines, discounts and freight', () => {
    const quote = createQuote();
    const line = addLine(quote);
    fixture.send('PATCH', `quotedetails(${line})`, { quantity: 5 });
    expect(read('quotes', quote).totalamount).to.equal(100);
    fixture.send('PATCH', `quotes(${quote})`, { discountamount: 30 });
    expect(read('quotes', quote).totalamount).to.equal(70);
    fixture.send('DELETE', `quotedetails(${line})`);
    expect(read('quotes', quote)).to.include({ totallineitemamount: 0, totalamount: -30 });
  });

  it('write-in products and overridden prices keep their own price', () => {
    const quote = createQuote();
    const line = addLine(quote, { ispriceoverridden: true, priceperunit: 7.5 });
    expect(read('quotedetails', line).extendedamount).to.equal(22.5);
    fixture.create('quotedetails', {
      'quoteid@odata.bind': `/quotes(${quote})`,
      isproductoverridden: true,
      productdescription: 'Delivery',
      priceperunit: 9,
      quantity: 1,
    });
    expect(read('quotes', quote).totalamount).to.equal(31.5);
  });

  it('a product that is not in the price list has a pricing error', () => {
    const other = createProduct('Toaster');
    const line = addLine(createQuote(), { 'productid@odata.bind': `/products(${other})` });
    expect(read('quotedetails', line)).to.include({ priceperunit: 0, pricingerrorcode: 11 });
  });

  for (const [method, percentage, expected] of [
    [2, 80, 80],
    [3, 50, 60],
    [4, 50, 80],
    [5, 10, 55],
    [6, 50, 100],
  ] as const) {
    it(`prices a product by pricing method ${method}`, () => {
      const other = createProduct('Toaster', { price: 100, currentcost: 40, standardcost: 50 });
      const pricing = { pricingmethodcode: method, percentage };
      fixture.create('productpricelevels', priceOf(other, pricing));
      const line = addLine(createQuote(), { 'productid@odata.bind': `/products(${other})`, quantity: 1 });
      expect(read('quotedetails', line).extendedamount).to.equal(expected);
    });
  }

  it('a discount list lowers the price by quantity', () => {
    const list = fixture.create('discounttypes', { name: 'Volume', isamounttype: false });
    fixture.create('discounts', {
      'discounttypeid@odata.bind': `/discounttypes(${list})`,
      lowquantity: 10,
      highquantity: 100,
      percentage: 25,
    });
    const other = createProduct('Toaster');
    const price = { amount: 8, 'discounttypeid@odata.bind': `/discounttypes(${list})` };
    fixture.create('productpricelevels', priceOf(other, price));
    const line = (quantity: number) =>
      read(
        'quotedetails',
        addLine(createQuote(), { 'productid@odata.bind': `/products(${other})`, quantity }),
      );
    expect(line(9)).to.include({ volumediscountamount: 0, extendedamount: 72 });
    expect(line(10)).to.include({ volumediscountamount: 2, extendedamount: 60 });
  });

  it('an active quote is read-only; only messages win, close or revise it', () => {
    const quote = createQuote();
    const line = addLine(quote);
    expect(win(quote).status).to.equal(400);
    expect(activate(quote).status).to.equal(204);
    for (const refused of [
      fixture.send('PATCH', `quotes(${quote})`, { name: 'Other' }),
      fixture.send('PATCH', `quotedetails(${line})`, { quantity: 9 }),
      fixture.send('DELETE', `quotedetails(${line})`),
    ]) {
      expect([refused.status, refused.json.error.code]).to.deep.equal([400, '0x8004022e']);
    }
    const byUpdate = fixture.send('PATCH', `quotes(${quote})`, { statecode: 2, statuscode: 4 });
    expect(byUpdate.json.error.message).to.contain('use the WinQuoteRequest message instead');
    expect(win(quote).status).to.equal(204);
    expect(read('quotes', quote)).to.include({ statecode: 2, statuscode: 4, closedon: '2024-05-01' });
    expect(fixture.get('quotecloses?$select=subject').json.value[0].subject).to.equal('Won');
  });

  it('ReviseQuote closes the quote and creates a draft with the next revision', () => {
    const quote = createQuote();
    addLine(quote);
    const revise = (id: string) => post('ReviseQuote', { QuoteId: id, ColumnSet: all });
    expect(revise(quote).json.error.code).to.equal('0x80048d00');
    activate(quote);
    const { status, json } = revise(quote);
    expect(status).to.equal(200);
    const { quotenumber } = read('quotes', quote);
    expect(json).to.include({ quotenumber, revisionnumber: 1, statecode: 0, totalamount: 60 });
    expect(read('quotes', quote)).to.include({ statecode: 3, statuscode: 7, revisionnumber: 0 });
    expect(revise(quote).json.error.code).to.equal('0x80048d00');
  });

  it('a quote becomes an order and an order an invoice, with their lines', () => {
    const quote = createQuote({ discountamount: 6 });
    addLine(quote);
    activate(quote);
    win(quote);
    const order = post('ConvertQuoteToSalesOrder', {
      QuoteId: quote,
      ColumnSet: { AllColumns: false, Columns: ['totalamount', 'ordernumber', 'quoteid'] },
    });
    expect(order.status).to.equal(200);
    expect(Object.keys(order.json)).to.include.members(['salesorderid', 'totalamount', '_quoteid_value']);
    expect(order.json).to.not.have.property('name');
    expect(order.json).to.include({ totalamount: 54, _quoteid_value: quote });
    expect(order.json.ordernumber).to.match(/^ORD-/);
    const id = order.json.salesorderid;
    const invoice = post('ConvertSalesOrderToInvoice', { SalesOrderId: id, ColumnSet: all });
    expect(invoice.json).to.include({ totalamount: 54, _salesorderid_value: id, name: 'Kettles' });
    expect(invoice.json.invoicenumber).to.match(/^INV-/);
    expect(read('salesorders', id)).to.include({ statecode: 4, statuscode: 100003 });
    const lines = fixture.get(`invoices(${invoice.json.invoiceid})/invoice_details`).json.value;
    expect(lines.map((line: { quantity: number }) => line.quantity)).to.deep.equal([3]);
  });

  it('ConvertQuoteToSalesOrder wins an active quote', () => {
    const quote = createQuote();
    activate(quote);
    expect(post('ConvertQuoteToSalesOrder', { QuoteId: quote, ColumnSet: all }).status).to.equal(200);
    expect(read('quotes', quote).statecode).to.equal(2);
  });

  it('an opportunity generates quotes, orders and invoices, and gets its revenue from its lines', () => {
    const opportunity = fixture.create('opportunities', {
      name: 'Kettles',
      isrevenuesystemcalculated: true,
      'customerid_account@odata.bind': `/accounts(${account})`,
      'pricelevelid@odata.bind': `/pricelevels(${priceList})`,
    });
    fixture.create('opportunityproducts', {
      'opportunityid@odata.bind': `/opportunities(${opportunity})`,
      'productid@odata.bind': `/products(${product})`,
      'uomid@odata.bind': `/uoms(${unit})`,
      quantity: 4,
    });
    expect(read('opportunities', opportunity)).to.include({ totalamount: 80, estimatedvalue: 80 });
    for (const [name, key] of [
      ['GenerateQuoteFromOpportunity', 'quoteid'],
      ['GenerateSalesOrderFromOpportunity', 'salesorderid'],
      ['GenerateInvoiceFromOpportunity', 'invoiceid'],
    ] as const) {
      const { status, json } = post(name, { OpportunityId: opportunity, ColumnSet: all });
      expect(status, name).to.equal(200);
      expect(json).to.include({ totalamount: 80, _opportunityid_value: opportunity });
      expect(json[key]).to.be.a('string');
    }
  });

  it('orders are fulfilled or canceled with an activity, and then read-only', () => {
    const order = fixture.create('salesorders', {
      name: 'Kettles',
      'customerid_account@odata.bind': `/accounts(${account})`,
    });
    const byUpdate = fixture.send('PATCH', `salesorders(${order})`, { statecode: 3 });
    expect(byUpdate.json.error.message).to.contain('FulfillSalesOrderRequest');
    const close = { subject: 'Shipped', 'salesorderid@odata.bind': `/salesorders(${order})` };
    expect(post('FulfillSalesOrder', { OrderClose: close, Status: 100001 }).status).to.equal(204);
    expect(read('salesorders', order)).to.include({ statecode: 3, datefulfilled: '2024-05-01T00:00:00Z' });
    expect(fixture.send('PATCH', `salesorders(${order})`, { name: 'Other' }).json.error.code).to.equal(
      '0x8004022e',
    );
    expect(post('CancelSalesOrder', { OrderClose: close, Status: 4 }).status).to.equal(400);
  });

  it('locked prices stay when the price list changes; CalculatePrice prices again', () => {
    const invoice = fixture.create('invoices', {
      name: 'Kettles',
      'customerid_account@odata.bind': `/accounts(${account})`,
      'pricelevelid@odata.bind': `/pricelevels(${priceList})`,
    });
    fixture.create('invoicedetails', {
      'invoiceid@odata.bind': `/invoices(${invoice})`,
      'productid@odata.bind': `/products(${product})`,
      'uomid@odata.bind': `/uoms(${unit})`,
      quantity: 1,
    });
    const [price] = fixture.get('productpricelevels').json.value;
    fixture.send('PATCH', `productpricelevels(${price.productpricelevelid})`, { amount: 30 });
    const calculate = () => {
      const Target = { '@odata.type': 'Microsoft.Dynamics.CRM.invoice', invoiceid: invoice };
      expect(post('CalculatePrice', { Target }).status).to.equal(204);
      return read('invoices', invoice).totalamount;
    };
    expect(post(`invoices(${invoice})/Microsoft.Dynamics.CRM.LockInvoicePricing`, {}).status).to.equal(204);
    expect(read('invoices', invoice).ispricelocked).to.equal(true);
    expect(calculate()).to.equal(20);
    expect(post('UnlockInvoicePricing', { InvoiceId: invoice }).status).to.equal(204);
    expect(calculate()).to.equal(30);
  });

  it('products are drafts until they are published, with those below them', () => {
    const family = createProduct('Kitchen', { productstructure: 2 });
    const child = createProduct('Oven', { 'parentproductid@odata.bind': `/products(${family})` });
    expect(read('products', child)).to.include({ statecode: 2, statuscode: 0 });
    const retired = fixture.send('PATCH', `products(${child})`, { statecode: 1 });
    expect(retired.json.error.code).to.equal('0x8004f978');
    const action = `products(${family})/Microsoft.Dynamics.CRM.PublishProductHierarchy`;
    expect(post(action, {}).status).to.equal(204);
    expect(read('products', child)).to.include({ statecode: 0, statuscode: 1 });
    fixture.send('PATCH', `products(${child})`, { statecode: 3, statuscode: 3 });
    const Target = { '@odata.type': 'Microsoft.Dynamics.CRM.product', productid: child };
    expect(post('RevertProduct', { Target }).status).to.equal(204);
    expect(read('products', child).statecode).to.equal(0);
    expect(fixture.send('PATCH', `products(${child})`, { statecode: 1, statuscode: 2 }).status).to.equal(204);
    const draft = fixture.send('PATCH', `products(${child})`, { statecode: 2, statuscode: 0 });
    expect(draft.json.error.code).to.equal('0x8004f979');
  });
});
