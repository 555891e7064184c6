import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'));

describe('packages installed by npm ci', () => {
  it('do not include n8n packages (no open-source license)', () => {
    const installed = Object.entries<{ readonly link?: boolean }>(lock.packages).filter(
      ([, { link }]) => !link,
    );
    const names = installed.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
    expect(names).to.include('mocha');
    expect(names.filter((name) => /^(n8n$|n8n-|@n8n\/)/.test(name))).to.deep.equal([]);
  });
});
