import { expect } from 'chai';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { describeSender } from './sender-contract.ts';

describeSender('node-fetch', () => createNodeFetchSender({}));

describe('node: starting a sender', () => {
  it('is refused while the verification of certificates is switched off', () => {
    expect(() => createNodeFetchSender({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }))
      .to.throw()
      .with.property('code', 'SETTING_INVALID');
  });
});
