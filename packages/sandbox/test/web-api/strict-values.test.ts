import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: dates in a body', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const write = (set: string, body: object) => {
    const { status, json } = fixture.send('POST', set, body);
    return [status, json?.error?.message.split('ODataException: ')[1]];
  };
  const refusal = (literal: string, type: string) => [
    400,
    `Cannot convert the literal '${literal}' to the expected type '${type}'.`,
  ];

  it('a column of days accepts a day and refuses a time', () => {
    expect(write('contacts', { lastname: 'A', birthdate: '1965-05-07' })).to.deep.equal([204, undefined]);
    for (const text of [
      '1965-05-07T00:00:00Z',
      '1965-05-07T00:00:00',
      '1965-05-07T00:00:00+02:00',
      '7.5.1965',
    ]) {
      expect(write('contacts', { lastname: 'A', birthdate: text }), text).to.deep.equal(
        refusal(text, 'Edm.Date'),
      );
    }
    expect(fixture.get('contacts?$select=birthdate').json.value).to.have.length(1);
  });

  it('a column of times refuses text that is neither a time nor a day', () => {
    for (const text of ['2024-05-01T08:00:00Z', '2024-05-01T08:00:00.123+02:00', '2024-05-01']) {
      expect(write('tasks', { subject: 'A', scheduledend: text }), text).to.deep.equal([204, undefined]);
    }
    for (const text of ['1.5.2024', '2024-13-01T00:00:00Z', '/Date(1506384247000)/']) {
      expect(write('tasks', { subject: 'A', scheduledend: text }), text).to.deep.equal(
        refusal(text, 'Edm.DateTimeOffset'),
      );
    }
  });

  it('a 64-bit integer is a number with all its digits, or a text if the content type says so', () => {
    fixture.store.addColumn('account', {
      ...{ logicalName: 'new_size', schemaName: 'new_Size', displayName: 'Size', type: 'BigInt' },
      ...{ required: 'None', validForCreate: true, validForUpdate: true },
    });
    const send = (size: string, contentType = 'application/json') =>
      fixture.send('POST', 'accounts', `{"name":"A","new_size":${size}}`, { 'Content-Type': contentType });
    const compatible = 'application/json;IEEE754Compatible=true';
    expect(send('9007199254740993').status).to.equal(204);
    expect(fixture.get('accounts?$select=new_size').text).to.include('"new_size":9007199254740993');
    expect(send('"9007199254740993"').json.error).to.deep.include({ code: '0x80048d19' });
    expect(send('"9007199254740993"').json.error.message).to.include('Edm.Int64');
    expect(send('"9007199254740993"', compatible).status).to.equal(204);
    expect(send('"9007199254740993"', `${compatible}; charset=utf-8`).status).to.equal(204);
    expect(fixture.get('accounts/$count').text).to.equal('3');
  });
});
