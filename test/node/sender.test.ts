import { expect } from 'chai';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { describeSender } from './sender-contract.ts';

describeSender('node-fetch', () => createNodeFetchSender({}));

describe('createNodeFetchSender', () => {
  it('throws SETTING_INVALID when certificate verification is disabled', () => {
    expect(() => createNodeFetchSender({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }))
      .to.throw()
      .with.property('code', 'SETTING_INVALID');
  });
});
