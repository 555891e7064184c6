import { Secret, type StateStore, type Vault } from 'dynamics365-connector';
import { answerName, indexPrefix } from './answer-store.ts';

const maxCount = 200;

/**
 * Empties the stored answers that mention a row. A request that is repeated with its Idempotency-Key still has the same
 * status and is not carried out again; its body is `{"forgotten":true}`.
 *
 * @returns how many answers were emptied
 */
export async function forgetAnswers(
  { store, vault }: { readonly store: StateStore; readonly vault: Vault },
  rowId: string,
): Promise<number> {
  let count = 0;
  for (let after = ''; ; ) {
    const listed = await store.list(indexPrefix, { after, maxCount });
    for (const { key } of listed) if (await forgetAnswer(vault, key, rowId.toLowerCase())) count += 1;
    const last = listed.at(-1);
    if (last === undefined || listed.length < maxCount) return count;
    after = last.key;
  }
}

async function forgetAnswer(vault: Vault, key: string, rowId: string): Promise<boolean> {
  const name = answerName(key.slice(key.lastIndexOf('/') + 1));
  const answer = await vault.read(name);
  if (answer === undefined || !answer.secret.reveal().toLowerCase().includes(rowId)) return false;
  const { note, version } = answer;
  return await vault.replace(name, { secret: new Secret('{"forgotten":true}'), note }, version);
}
