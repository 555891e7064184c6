import { expect } from 'chai';
import { ConnectorError } from 'dynamics365-connector';
import { toLogFields } from '../../src/errors/to-log-fields.ts';

describe('toLogFields', () => {
  it('has the message of a ConnectorError without the text of the server', () => {
    const message = 'The row does not exist. (HTTP 404: Case "The kettle" does not exist)';
    const error = new ConnectorError('NOT_FOUND', message, {
      serverMessage: 'Case "The kettle" does not exist',
    });
    expect(toLogFields(error)).to.deep.equal({
      code: 'NOT_FOUND',
      reason: 'The row does not exist. (HTTP 404)',
    });
  });

  it('has class and place of an unexpected error, without its message', () => {
    const { code, reason } = toLogFields(new TypeError('Cannot read "The kettle"'));
    expect(code).to.equal('UNEXPECTED');
    expect(reason).to.match(/^an unexpected error \(TypeError at to-log-fields\.test\.ts:\d+\)$/);
  });

  it('describes a value that is not an error', () => {
    expect(toLogFields('The kettle')).to.deep.equal({
      code: 'UNEXPECTED',
      reason: 'an unexpected error (string)',
    });
  });
});
