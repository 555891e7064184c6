import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { TransportError } from '../../src/http/transport-error.ts';

describe('TransportError', () => {
  it('is a ConnectorError, but no other ConnectorError is an instance of it', () => {
    const transportError = new TransportError('NETWORK', 'No connection.', { maybeSent: false });
    expect(transportError instanceof TransportError).to.equal(true);
    expect(transportError instanceof ConnectorError).to.equal(true);
    expect(new ConnectorError('RECONNECT_NEEDED', 'Expired.') instanceof TransportError).to.equal(false);
  });
});
