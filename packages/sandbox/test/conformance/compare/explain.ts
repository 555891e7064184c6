import type { Exchange } from '../exchange.ts';
import type { Difference } from './difference.ts';

/** A difference that only the recorded organization decides, not the request or Dataverse as it is. */
interface Explanation {
  readonly reason: string;
  readonly applies: (difference: Difference, exchange: Exchange) => boolean;
}

const isBefore = ({ recorded }: Exchange, year: number): boolean =>
  recorded?.year !== undefined && recorded.year < year;

const explanations: readonly Explanation[] = [
  {
    reason: 'organizations before 2020 did not send the annotation globalmetadataversion',
    applies: ({ kind, text }, exchange) =>
      kind === 'members' &&
      text === '/@Microsoft.Dynamics.CRM.globalmetadataversion should not be there' &&
      isBefore(exchange, 2020),
  },
  {
    reason: 'version 8 of the Web API did not stream the parts of a batch',
    applies: ({ kind, text }, { recorded, request }) =>
      request.url.endsWith('$batch') &&
      Number(recorded?.version ?? 9) < 9 &&
      (kind === 'batch' || kind === 'header value') &&
      /"(.*); odata\.streaming=true" instead of "\1"$/.test(text),
  },
  {
    reason: 'the platform itself wrote the row, without a user',
    applies: ({ kind, text }) =>
      kind === 'type' && /^\/_(?:created|modified)by_value is "[0-9a-f-]+" instead of null$/.test(text),
  },
];

/** Separates the differences that only the recorded organization explains, with the reasons. */
export function explainDifferences(
  exchange: Exchange,
  found: readonly Difference[],
): { differences: readonly Difference[]; reasons: readonly string[] } {
  if (exchange.format === 'documentation') return { differences: found, reasons: [] };
  const explanationOf = (difference: Difference) =>
    explanations.find(({ applies }) => applies(difference, exchange));
  return {
    differences: found.filter((difference) => !explanationOf(difference)),
    reasons: [...new Set(found.flatMap((difference) => explanationOf(difference)?.reason ?? []))],
  };
}
