import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import type { ErrorCode } from '../../src/errors/error-codes.ts';
import type { ErrorMapping } from '../../src/model/definition.ts';
import { createHttpFixture, sampleRequests } from './fixture.ts';

interface ServerError {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly headers?: Record<string, string>;
}

function explain(serverError: ServerError, errorRules: readonly ErrorMapping[] = []) {
  const { status, code = '', message = '', headers = {} } = serverError;
  const body = { error: { code, message } };
  return createHttpFixture([{ status, body, headers }], { errorRules }).error(sampleRequests.update);
}

describe('toResponseError', () => {
  it('keeps the server’s message and the request ids for an unknown code', async () => {
    const error = await explain({
      status: 400,
      code: '0x80099999',
      message: 'The flux capacitor is full.',
      headers: { 'x-ms-service-request-id': 'their-id', req_id: 'other-id' },
    });
    expect(error.code).to.equal('BAD_REQUEST');
    expect(error.message).to.equal(
      'Dataverse rejected the request. (HTTP 400, 0x80099999: The flux capacitor is full.)',
    );
    expect(error.details).to.include({
      operation: 'case.get',
      requestId: 'our-request-id',
      serviceRequestId: 'their-id',
      serverCode: '0x80099999',
      serverMessage: 'The flux capacitor is full.',
      status: 400,
    });
  });

  it('omits the codes "" and 0x0', async () => {
    for (const code of ['', '0x0']) {
      const error = await explain({ status: 400, code, message: 'No.' });
      expect(error.message).to.contain('(HTTP 400: No.)');
      expect(error.details).to.not.have.property('serverCode');
    }
  });

  it('uses REQ_ID when x-ms-service-request-id is missing', async () => {
    const error = await explain({ status: 400, headers: { req_id: 'other-id' } });
    expect(error.details.serviceRequestId).to.equal('other-id');
  });

  const byCode: readonly [ServerError, ErrorCode, RegExp][] = [
    [{ status: 404, code: '0x80040217' }, 'NOT_FOUND', /check the id/i],
    [{ status: 403, code: '0x80072560' }, 'USER_NOT_IN_ORG', /application user/],
    [{ status: 403, code: '0x80040220' }, 'ACCESS_DENIED', /security role/],
    [{ status: 500, code: '0x80040333' }, 'DUPLICATE', /existing row/],
    [{ status: 412, code: '0x80060882' }, 'CONFLICT', /read the row again/i],
    [{ status: 400, code: '0x8004440A' }, 'BAD_REQUEST', /open activities/],
    [{ status: 400, code: '0x80040265' }, 'BAD_REQUEST', /plug-in/],
    [{ status: 403, code: '0x80095ffe' }, 'ACCESS_DENIED', /firewall/],
    [{ status: 400, code: '-2147220969' }, 'NOT_FOUND', /check the id/i],
    [{ status: 500, code: '0x80044151' }, 'TIMEOUT', /less data in one call/],
  ];
  for (const [serverError, code, advice] of byCode) {
    it(`returns ${code} for ${serverError.code}`, async () => {
      const error = await explain(serverError);
      expect(error.code).to.equal(code);
      expect(error.advice).to.match(advice);
    });
  }

  const wrapped =
    "Error identified in Payload provided by the user for Entity :'contacts', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ";
  const byMessage: readonly [string, ServerError, ErrorCode, RegExp][] = [
    [
      'a lookup written as a column',
      {
        status: 400,
        code: '0x80048d19',
        message: `${wrapped}An undeclared property 'parentcustomerid' which only has property annotations in the payload but no property value was found in the payload.\r\n   at Microsoft.OData.JsonLight.Reader.Read()`,
      },
      'BAD_REQUEST',
      /“parentcustomerid”.*\{ table, id \}/s,
    ],
    [
      'a plain id in a lookup',
      {
        status: 400,
        message:
          'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
      },
      'BAD_REQUEST',
      /lookup.*\{ table, id \}/s,
    ],
    [
      'an unknown column',
      {
        status: 400,
        code: '0x0',
        message: "Could not find a property named 'ownerid' on type 'Microsoft.Dynamics.CRM.incident'.",
      },
      'BAD_REQUEST',
      /“incident” has no column “ownerid”.*`_ownerid_value`/s,
    ],
    [
      'a bad choice',
      {
        status: 400,
        code: '0x80048408',
        message:
          "A validation error occurred. The value 9 of 'prioritycode' on record of type 'incident' is outside the valid range. Accepted Values: 1,2,3",
      },
      'BAD_REQUEST',
      /“prioritycode” of “incident”.*label/s,
    ],
    [
      'a text that is too long',
      {
        status: 400,
        code: '0x80044331',
        message:
          "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'.",
      },
      'BAD_REQUEST',
      /“subject” of “task” is longer than 200.*Shorten/s,
    ],
    [
      'a missing privilege',
      {
        status: 403,
        code: '0x80040220',
        message:
          "Principal user (Id= 1, type=8, roleCount=5), is missing prvReadIncident privilege (Id=2) on OTC=112 for entity 'incident'.",
      },
      'ACCESS_DENIED',
      /prvReadIncident.*owner of the row/s,
    ],
    [
      'an unknown table or action',
      { status: 404, code: '0x8006088a', message: "Resource not found for the segment 'Account'." },
      'BAD_REQUEST',
      /“Account”.*set name/s,
    ],
    [
      'a missing row without a code',
      { status: 404, message: 'account With Id = 00000000-0000-0000-0000-000000000001 Does Not Exist' },
      'NOT_FOUND',
      /row does not exist/,
    ],
    [
      'a literal of the wrong type',
      { status: 400, message: "Cannot convert the literal 'abc' to the expected type 'Edm.Guid'." },
      'BAD_REQUEST',
      /\(Guid\)/,
    ],
    [
      'a key that exists',
      { status: 412, message: 'A record with matching key values already exists.' },
      'DUPLICATE',
      /upsert/,
    ],
    [
      'a stale version',
      {
        status: 412,
        message: "The version of the existing record doesn't match the RowVersion property provided.",
      },
      'CONFLICT',
      /changed since/,
    ],
    [
      'a user of another organization',
      { status: 403, message: 'The user is not a member of the organization.' },
      'USER_NOT_IN_ORG',
      /application user/,
    ],
    [
      'change tracking with a filter',
      {
        status: 400,
        message: `The "filter" query parameter isn't supported when Change Tracking is enabled.`,
      },
      'BAD_REQUEST',
      /Remove them/,
    ],
    [
      'an action called with GET',
      { status: 404, message: "No HTTP resource was found that matches the request URI 'https://x/WhoAmI'." },
      'BAD_REQUEST',
      /GET and actions with POST/,
    ],
    [
      'an unknown alternate key',
      {
        status: 400,
        message: "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.account'.",
      },
      'BAD_REQUEST',
      /alternate key/,
    ],
  ];
  for (const [problem, serverError, code, explanation] of byMessage) {
    it(`recognizes ${problem} by the server’s message`, async () => {
      const error: ConnectorError = await explain(serverError);
      expect(error.code).to.equal(code);
      expect(`${error.message} ${error.advice}`).to.match(explanation);
    });
  }

  const byStatus: readonly [number, ErrorCode][] = [
    [400, 'BAD_REQUEST'],
    [401, 'RECONNECT_NEEDED'],
    [403, 'ACCESS_DENIED'],
    [404, 'NOT_FOUND'],
    [408, 'TIMEOUT'],
    [412, 'CONFLICT'],
    [413, 'BAD_REQUEST'],
    [418, 'BAD_REQUEST'],
    [500, 'UNAVAILABLE'],
    [501, 'BAD_REQUEST'],
    [302, 'ORIGIN_REFUSED'],
  ];
  for (const [status, code] of byStatus) {
    it(`returns ${code} for a ${status} without message`, async () => {
      expect((await createHttpFixture([{ status }]).error(sampleRequests.update)).code).to.equal(code);
    });
  }

  it('takes code and advice from a rule of connector.yaml, and keeps the server’s message', async () => {
    const rules: ErrorMapping[] = [
      { serverCode: '0x80040265', code: 'CONFLICT', advice: 'Ask the billing team.' },
    ];
    const error = await explain({ status: 400, code: '0x80040265', message: 'Invoice is locked.' }, rules);
    expect(error.code).to.equal('CONFLICT');
    expect(error.advice).to.equal('Ask the billing team.');
    expect(error.message).to.contain('Invoice is locked.');
  });

  it('removes stack traces, outer exceptions and line breaks from the server’s message', async () => {
    const error = await explain({
      status: 400,
      message: `${wrapped}Invalid JSON.\r\nTry again.\r\n   at Microsoft.OData.Json.JsonReader.ParseValue()\r\n   at X`,
    });
    expect(error.details.serverMessage).to.equal('Invalid JSON. Try again.');
  });

  it('cuts the server’s message to 500 characters', async () => {
    const error = await explain({ status: 400, message: 'long '.repeat(1_000) });
    expect(error.details.serverMessage).to.have.length(500);
  });

  it('returns BAD_REQUEST for an error body of any shape', async () => {
    const shapes = [
      '',
      'null',
      '[]',
      '"x"',
      '{"error":null}',
      '{"error":{"code":{},"message":[1]}}',
      '{"__proto__":1}',
      '{',
    ];
    for (const body of shapes) {
      const error = await createHttpFixture([{ status: 400, body }]).error();
      expect(error.code, body).to.equal('BAD_REQUEST');
    }
  });

  const denied: readonly [message: string, cause: RegExp][] = [
    [
      "Principal user (Id=1, type=8, roleCount=5, privilegeCount=465, accessMode=0), is missing prvReadincident privilege (Id=2) on OTC=112 for entity 'incident'. context.Caller=1",
      /lacks the privilege prvReadincident for the table incident/,
    ],
    [
      'CrmCheckPrivilege failed. Returned hr = -2147220839 on UserId: 1 and Privilege: prvWriteContact',
      /lacks the privilege prvWriteContact for the table contact/,
    ],
    [
      'Principal with id 1 does not have CreateAccess right(s) for record with id 2 of entity account',
      /does not have the right “Create” for this row of the table account/,
    ],
  ];
  for (const [message, cause] of denied) {
    it(`names the privilege and the table of: ${message.slice(0, 50)}`, async () => {
      const error = await explain({ status: 403, code: '0x80040220', message });
      expect(error.code).to.equal('ACCESS_DENIED');
      expect(error.message).to.match(cause);
      expect(error.advice).to.match(/prv\w+/);
    });
  }
});
