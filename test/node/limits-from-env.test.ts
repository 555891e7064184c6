import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { limitsFromEnv } from '../../src/node/limits-from-env.ts';

describe('limitsFromEnv', () => {
  it('reads the limits that are set', () => {
    const none = { maxRequests: undefined, maxExecutionMs: undefined, maxConcurrentRequests: undefined };
    expect(limitsFromEnv({ D365_MAX_REQUESTS: '' })).to.deep.equal(none);
    expect(limitsFromEnv({ D365_MAX_REQUESTS: '2000', D365_MAX_CONCURRENT_REQUESTS: '8' })).to.deep.equal({
      ...none,
      maxRequests: 2000,
      maxConcurrentRequests: 8,
    });
  });

  it('names the variable that is not a number', () => {
    for (const value of ['0', '-1', '1e3', '5.5', 'many'])
      expect(() => limitsFromEnv({ D365_MAX_EXECUTION_MS: value }))
        .to.throw(ConnectorError, 'D365_MAX_EXECUTION_MS')
        .with.property('code', 'SETTING_INVALID');
  });
});
