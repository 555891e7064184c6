import { expect } from 'chai';
import { loadUndiciAgent } from '../../src/node/network/undici.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { createUndiciSender } from '../../src/node/undici-sender.ts';
import { describeSender } from './sender-contract.ts';

describeSender('node-fetch', (options) => createNodeFetchSender({}, options));
describeSender('undici', (options) => createUndiciSender({}, options));

for (const create of [createNodeFetchSender, createUndiciSender]) {
  it(`${create.name}: throws SETTING_INVALID when certificate verification is disabled`, () => {
    expect(() => create({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }))
      .to.throw()
      .with.property('code', 'SETTING_INVALID');
  });
}

describe('the transport undici', () => {
  for (const version of ['6.21.0', '8.0.1']) {
    it(`refuses undici ${version} by name`, () => {
      expect(() => loadUndiciAgent(() => ({ version })))
        .to.throw(`The transport "undici" needs undici 7, but undici ${version} is installed.`)
        .with.property('code', 'PACKAGE_MISSING');
    });
  }

  it('says how to install undici', () => {
    const require = () => {
      throw new Error("Cannot find module 'undici/package.json'");
    };
    expect(() => loadUndiciAgent(require))
      .to.throw('The transport "undici" needs undici 7, which is not installed.')
      .with.property('advice', 'Run: npm install undici@7');
  });
});
