import { expect } from 'chai';
import { signAwsRequest } from '../../../src/node/secret-managers/aws-signature.ts';

/** The keys, the scope and the signatures of Amazon's test suite for Signature Version 4 (aws-sig-v4-test-suite). */
const keys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const scope = { region: 'us-east-1', service: 'service', now: Date.UTC(2015, 7, 30, 12, 36) };
const vectors = [
  {
    name: 'get-vanilla',
    method: 'GET',
    headers: {},
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'post-vanilla',
    method: 'POST',
    headers: {},
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
  {
    name: 'get-header-key-duplicate',
    method: 'GET',
    headers: { 'my-header1': 'value2,value2,value1' },
    signature: 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  },
  {
    name: 'get-header-value-multiline',
    method: 'GET',
    headers: { 'my-header1': 'value1,value2,value3' },
    signature: 'ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790',
  },
] as const;

describe('signAwsRequest', () => {
  for (const { name, method, headers, signature } of vectors) {
    it(`makes the signature of Amazon's test vector ${name}`, () => {
      const request = { method, url: 'https://example.amazonaws.com/', headers };
      const signed = signAwsRequest(request, keys, scope).headers;
      const names = ['host', ...Object.keys(headers), 'x-amz-date'].join(';');
      expect(signed.authorization).to.equal(
        `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
      );
      expect(signed).to.include({ 'x-amz-date': '20150830T123600Z' });
    });
  }

  it('signs the body, the host and the session token', () => {
    const request = {
      method: 'POST',
      url: 'https://example.amazonaws.com/',
      headers: {},
      body: '{}',
    } as const;
    const sign = (change: object, session?: string) =>
      signAwsRequest(
        { ...request, ...change },
        session === undefined ? keys : { ...keys, sessionToken: session },
        scope,
      ).headers.authorization;
    const all = [
      sign({}),
      sign({ body: '{ }' }),
      sign({ url: 'https://other.amazonaws.com/' }),
      sign({}, 's'),
    ];
    expect(new Set(all)).to.have.length(4);
    expect(all[3]).to.contain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  });
});
