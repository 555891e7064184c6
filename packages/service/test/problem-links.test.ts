import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConnectorError, errorCodes } from 'dynamics365-connector';
import { ServiceError, toProblem } from '../src/problem/problem.ts';
import { type ProblemCode, problemCodes } from '../src/problem/problem-codes.ts';

const repository = join(import.meta.dirname, '../../..');

describe('the type of a problem', () => {
  it('is a link to the row of its code in the docs', () => {
    const errors = [
      ...Object.keys(errorCodes).map((code) => new ConnectorError(code as keyof typeof errorCodes, 'x')),
      ...Object.keys(problemCodes).map((code) => new ServiceError(code as ProblemCode, 'x')),
    ];
    for (const error of errors) {
      const { type } = toProblem(error);
      const [, file = '', anchor = ''] = /\/blob\/main\/(docs\/\w+\.md)#(\w+)$/.exec(type) ?? [];
      expect(readFileSync(join(repository, file), 'utf8'), type).to.include(`<a id="${anchor}"></a>`);
    }
  });
});
