import type { Database } from './database.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';

/** Numbers for new cases, `CAS-01000-X1Y2Z3`: a running number and six signs that nobody guesses. */
export function ticketNumbers(database: Database, random: () => number): () => string {
  let last = 999 + (database.get('SELECT count(*) AS n FROM "incident"')!.n as number);
  const one = (signs: string) => signs[Math.floor(random() * signs.length)];
  return () => {
    last += 1;
    const signs = [letters, digits, letters, digits, letters, digits].map(one).join('');
    return `CAS-${`${last}`.padStart(5, '0')}-${signs}`;
  };
}
