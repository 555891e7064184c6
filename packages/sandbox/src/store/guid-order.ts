/**
 * An SQL expression that sorts GUIDs as SQL Server sorts its type uniqueidentifier: by the last group, then by the other
 * groups from right to left, the first three of them by their bytes in reverse.
 */
export function guidOrderSql(column: string): string {
  const parts = ['25', '20, 4', '17, 2', '15, 2', '12, 2', '10, 2', '7, 2', '5, 2', '3, 2', '1, 2'];
  return `(${parts.map((part) => `substr(${column}, ${part})`).join(' || ')})`;
}

/**
 * A GUID that sorts after those of smaller numbers, as SQL Server creates them: the number is in the first two groups,
 * the last two groups are those of `source`.
 */
export function sequentialGuid(number: bigint, source: string): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(number);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-f111-${source.slice(19)}`;
}
