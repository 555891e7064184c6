import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { importOptional } from '../../src/node/import-optional.ts';

const about = { name: 'no-such-package', feature: 'The worker', install: 'no-such-package@1' };
const failing = (error: unknown) =>
  importOptional(() => Promise.reject(error), about).catch((end: unknown) => end);

describe('node: an optional package', () => {
  it('that is not installed is asked for, with the command that installs it', async () => {
    const missing = 'no-such-package';
    const end = (await importOptional(() => import(missing), about).catch(
      (error: unknown) => error,
    )) as ConnectorError;
    expect(end.code).to.equal('PACKAGE_MISSING');
    expect(end.message).to.equal('The worker needs no-such-package, which is not installed.');
    expect(end.advice).to.equal('Run: npm install no-such-package@1');
  });

  it('that is broken is not called missing', async () => {
    const broken = new SyntaxError('Unexpected token');
    expect(await failing(broken)).to.equal(broken);
    const inner = Object.assign(new Error("Cannot find package 'of-its-own'"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    expect(await failing(inner)).to.equal(inner);
  });
});
