import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { importOptional } from '../../src/node/import-optional.ts';

const packageInfo = { name: 'no-such-package', feature: 'The worker', install: 'no-such-package@1' };
const importFailingWith = (error: unknown) =>
  importOptional(() => Promise.reject(error), packageInfo).catch((thrown: unknown) => thrown);

describe('importOptional', () => {
  it('throws PACKAGE_MISSING with the install command when the package is not installed', async () => {
    const missing = 'no-such-package';
    const error = (await importOptional(() => import(missing), packageInfo).catch(
      (thrown: unknown) => thrown,
    )) as ConnectorError;
    expect(error.code).to.equal('PACKAGE_MISSING');
    expect(error.message).to.equal('The worker needs no-such-package, which is not installed.');
    expect(error.advice).to.equal('Run: npm install no-such-package@1');
  });

  it('rethrows an error inside the package unchanged', async () => {
    const syntaxError = new SyntaxError('Unexpected token');
    expect(await importFailingWith(syntaxError)).to.equal(syntaxError);
    const missingDependency = Object.assign(new Error("Cannot find package 'its-dependency'"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    expect(await importFailingWith(missingDependency)).to.equal(missingDependency);
  });
});
