import { expect } from 'chai';
import { ConnectorError } from 'dynamics365-connector';
import { errorFields } from '../src/run-loop.ts';

describe('worker: errorFields', () => {
  it('has the message of a ConnectorError without the text of the server', () => {
    const message = 'The row does not exist. (HTTP 404: Case "The kettle" does not exist)';
    const error = new ConnectorError('NOT_FOUND', message, {
      serverMessage: 'Case "The kettle" does not exist',
    });
    expect(errorFields(error)).to.deep.equal({
      code: 'NOT_FOUND',
      reason: 'The row does not exist. (HTTP 404)',
    });
  });

  it('has class and place of an unexpected error, without its message', () => {
    const { code, reason } = errorFields(new TypeError('Cannot read "The kettle"'));
    expect(code).to.equal('UNEXPECTED');
    expect(reason).to.match(/^an unexpected error \(TypeError at run-loop\.test\.ts:\d+\)$/);
  });

  it('describes a value that is not an error', () => {
    expect(errorFields('The kettle')).to.deep.equal({
      code: 'UNEXPECTED',
      reason: 'an unexpected error (string)',
    });
  });
});
