import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { errorCodes } from '../../src/errors/codes.ts';

const src = join(import.meta.dirname, '../../src');
const code = globSync('**/*.ts', { cwd: src })
  .filter((file) => file !== 'errors/codes.ts')
  .map((file) => readFileSync(join(src, file), 'utf8'))
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
