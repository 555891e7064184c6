import { expect } from 'chai';
import {
  addEvidence,
  effectiveLimits,
  learnLimits,
  noEvidence,
} from '../../../src/http/rate-limit/learned-limits.ts';

const left = (requests: number, status = 200, text = '') => ({
  status,
  headers: { 'x-ms-ratelimit-burst-remaining-xrm-requests': String(requests) },
  text,
});
const learnFrom = (...responses: ReturnType<typeof left>[]) =>
  learnLimits(undefined, responses.reduce(addEvidence, noEvidence));

describe('learned limits', () => {
  it('follow the headers of an organization that allows more than Microsoft documents', () => {
    const learned = learnFrom(left(7_999), left(7_998));
    expect(effectiveLimits(learned, {})).to.deep.equal({ maxRequests: 8_000, maxExecutionMs: 1_200_000 });
  });

  it('follow the headers of an organization that allows less than the operator has set', () => {
    const learned = learnFrom(left(5_999));
    expect(effectiveLimits(learned, { maxRequests: 100_000 }).maxRequests).to.equal(6_000);
  });

  it('keep to a lower number that the operator has set', () => {
    expect(effectiveLimits(learnFrom(left(5_999)), { maxRequests: 1_000 }).maxRequests).to.equal(1_000);
  });

  it('are those of the operator or of the documentation before the first response', () => {
    expect(effectiveLimits(undefined, {})).to.deep.equal({ maxRequests: 6_000, maxExecutionMs: 1_200_000 });
    expect(effectiveLimits(undefined, { maxRequests: 9_000 }).maxRequests).to.equal(9_000);
  });

  it('take the number of a refusal, and go up again when more is left', () => {
    const text =
      '{"error":{"code":"0x80072322","message":"Number of requests exceeded the limit of 6000 over time window of 300 seconds."}}';
    const refused = learnLimits({ maxRequests: 8_000 }, addEvidence(noEvidence, left(0, 429, text)));
    expect(refused.maxRequests).to.equal(6_000);
    expect(learnLimits(refused, addEvidence(noEvidence, left(6_499))).maxRequests).to.equal(6_500);
  });

  it('take the execution time of a refusal', () => {
    const text =
      'Combined execution time of incoming requests exceeded limit of 900,000 milliseconds over time window of 300 seconds.';
    const { maxExecutionMs } = learnLimits({}, addEvidence(noEvidence, left(0, 429, text)));
    expect(maxExecutionMs).to.equal(900_000);
  });

  it('keep a limit that other clients use up, and learn it when they stop', () => {
    const busy = learnFrom(left(3_999));
    expect(busy.maxRequests).to.equal(4_000);
    expect(learnLimits(busy, addEvidence(noEvidence, left(5_999))).maxRequests).to.equal(6_000);
  });
});
