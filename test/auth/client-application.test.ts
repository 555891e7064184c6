import { expect } from 'chai';
import { readAssertion, readClientSecret } from '../../src/auth/client-application.ts';
import { Secret } from '../../src/model/secret.ts';
import { errorOf } from './support/expect-error.ts';

describe('what a host returns for its app', () => {
  it('is the client secret, as a string or a Secret', async () => {
    for (const answer of ['x', new Secret('x'), Promise.resolve('x')])
      expect((await readClientSecret(() => answer)).reveal()).to.equal('x');
  });

  for (const [what, read] of Object.entries({
    'client secret': (answer: unknown) => readClientSecret(() => answer as string),
    assertion: (answer: unknown) => readAssertion(() => answer as string),
  })) {
    it(`is never sent as the ${what} if it is empty or no string`, async () => {
      for (const answer of [undefined, null, '', new Secret('')]) {
        const error = await errorOf(read(answer), 'RECONNECT_NEEDED');
        expect(error.message).to.equal(`The host returned an empty ${what}.`);
      }
      for (const answer of [5, {}, [], true, () => 'canary', { reveal: () => 5 }]) {
        const error = await errorOf(read(answer), 'CONNECTION_INVALID');
        expect(error.message).to.equal(`The ${what} that the host returned is not a string.`);
      }
    });
  }
});
