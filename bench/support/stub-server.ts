import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/* Runs in its own process: a minimal server with one case, so that the client is most of what is measured. */
const row = {
  '@odata.etag': 'W/"1234567"',
  incidentid: '11111111-1111-4111-8111-111111111111',
  title: 'Printer in the second office prints nothing but stars',
  ticketnumber: 'CAS-01042-K7M2Q9',
  prioritycode: 1,
  'prioritycode@OData.Community.Display.V1.FormattedValue': 'High',
  statecode: 0,
  'statecode@OData.Community.Display.V1.FormattedValue': 'Active',
  statuscode: 1,
  _customerid_value: '22222222-2222-4222-8222-222222222222',
  '_customerid_value@OData.Community.Display.V1.FormattedValue': 'Fabrikam, Inc.',
  '_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
  createdon: '2026-01-15T09:00:00Z',
  modifiedon: '2026-01-15T09:30:00Z',
  description: 'x'.repeat(1200),
};
const responseBody = JSON.stringify({
  '@odata.context': 'https://x/api/data/v9.2/$metadata#incidents/$entity',
  ...row,
});

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, {
      'content-type': 'application/json; odata.metadata=minimal',
      'odata-version': '4.0',
    });
    response.end(responseBody);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
