import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { errorCodes } from '../../src/errors/error-codes.ts';

const root = join(import.meta.dirname, '../..');
const code = globSync(['src/**/*.ts', 'packages/*/src/**/*.ts'], { cwd: root })
  .filter((file) => file !== 'src/errors/error-codes.ts')
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

describe('the table of error codes', () => {
  it('lists no code that is never used', () => {
    const unused = Object.keys(errorCodes).filter((name) => !code.includes(`'${name}'`));
    expect(unused).to.deep.equal([]);
  });

  it('has a meaning and an advice that are sentences', () => {
    for (const [name, { meaning, advice }] of Object.entries(errorCodes)) {
      expect(meaning, name).to.match(/^[A-Z“].*[.?]$/s);
      expect(advice, name).to.match(/^[A-Z“].*[.?]$/s);
    }
  });
});
