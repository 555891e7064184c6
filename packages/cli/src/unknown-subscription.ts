import { ConnectorError } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';

/** The error for the id of a subscription that no worker has run. */
export function unknownSubscription(
  id: string,
  subscriptions: readonly { readonly id: string }[],
): ConnectorError {
  const ids = subscriptions.map((subscription) => subscription.id);
  const suggestions = suggest(id, ids);
  const didYouMean = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new ConnectorError('INPUT_INVALID', `There is no subscription "${id}".${didYouMean}`, {
    suggestions,
    advice: '`d365 worker status` lists all subscriptions that a worker has run.',
  });
}
